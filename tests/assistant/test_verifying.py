"""A sentence is supported when its passages say it, and struck out when they do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.verifying import Verdict, Verifier
from index.embedding import embedder
from index.store import open_index
from ingest.document import Book, Passage
from ingest.normalise import readable
from ingest.parse import read_book

DIGEST = Path(__file__).parents[2] / "ingest" / "books" / "digest.txt"
_HIRING = "ch03.t3.know.p9"  # 28% have assessed, 43% have cut, 46% have hired
_TEAMS = "ch01.t2.know.p1"  # 74% of CEOs, 29% of other executives
_PRIVACY = "ch07.t2.know.p2"  # 57% and 37% of consumers
_MACHINES = "ch07.t3.know.p4"  # 3% in 2018, nearly 9% in 2025
_SECURITY = "ch11.t2.know.p4"  # 69% put innovation before security
_REGULATION = "ch07.t3.know.p2"  # fewer than 60% are ready, 69% expect fines
_ALONE = "ch05.essay.p1"


@pytest.fixture(scope="module")
def book() -> Book:
    return read_book(DIGEST)


@pytest.fixture(scope="module")
def verifier(book: Book, data_dir: Path) -> Verifier:
    return Verifier(open_index(book, embedder(), data_dir))


def verify(verifier: Verifier, book: Book, sentence: str, *places: str) -> Verdict:
    """Hold a sentence against the first of some passages; the others are only supplied."""
    return verifier.verify(sentence, [1], [book.passages_by_id[place] for place in places])


@pytest.mark.parametrize(
    ("sentence", "place"),
    [
        pytest.param(
            "只有 28% 的 CEO 评估过生成式 AI 对劳动力的影响。", _HIRING, id="one-fact-of-three"
        ),
        pytest.param(
            "七成多的 CEO 没有评估过生成式 AI 对劳动力的影响。", _HIRING, id="the-complement"
        ),
        pytest.param(
            "指南指出，两成八的老板评估过生成式 AI 对员工队伍的影响。",
            _HIRING,
            id="chinese-figures",
        ),
        pytest.param(
            "近四分之三的 CEO 认为团队具备采用生成式 AI 的技能。", _TEAMS, id="a-hedged-fraction"
        ),
        pytest.param(
            "认为团队技能合适的 CEO 比其他高管多出 45 个百分点。", _TEAMS, id="a-difference"
        ),
        pytest.param("37% 的消费者为保护隐私换过品牌。", _PRIVACY, id="consumers"),
        pytest.param(
            "对企业怎样使用自己的信息感到放心的消费者不到一半。", _PRIVACY, id="the-opposite"
        ),
        pytest.param(
            "生成式 AI 对劳动力有什么影响，没评估过的占 72%，这是 CEO 的回答。",
            _HIRING,
            id="the-object-first",
        ),
        pytest.param(
            "AI 伦理占 AI 支出的比例 2018 年为 3%，2025 年接近 9%。", _MACHINES, id="two-years"
        ),
    ],
)
def test_what_the_book_says_in_other_words_is_supported(
    verifier: Verifier, book: Book, sentence: str, place: str
) -> None:
    verdict = verify(verifier, book, sentence, place)
    assert verdict.supported, verdict.reason
    assert verdict.reason is None
    assert not verdict.reattributed
    assert {evidence.passage.id for evidence in verdict.evidence} == {place}


@pytest.mark.parametrize(
    ("sentence", "place", "reason"),
    [
        pytest.param("只有 38% 的 CEO 评估过对劳动力的影响。", _HIRING, "38%", id="figure-changed"),
        pytest.param(
            "46% 的 CEO 已因生成式 AI 减少或重新部署劳动力。",
            _HIRING,
            "另一件事",
            id="figures-swapped",
        ),
        pytest.param(
            "28% 的消费者评估过生成式 AI 对劳动力的影响。", _HIRING, "人群", id="people-swapped"
        ),
        pytest.param(
            "74% 的其他高管认为团队具备所需技能。", _TEAMS, "人群", id="people-within-a-sentence"
        ),
        pytest.param(
            "AI 伦理占 AI 支出的比例 2025 年为 3%。", _MACHINES, "年份", id="year-swapped"
        ),
        pytest.param(
            "AI 伦理占 AI 支出的比例 2030 年接近 9%。", _MACHINES, "2030", id="year-unknown"
        ),
        pytest.param("37% 的消费者没有为保护隐私换过品牌。", _PRIVACY, "否定", id="negation-added"),
        pytest.param(
            "书中说“企业应当立即停止使用生成式 AI”。", _HIRING, "引号", id="quote-made-up"
        ),
        pytest.param(
            "37% 的消费者为保护隐私换过品牌[注40]。", _PRIVACY, "注 40", id="mark-swapped"
        ),
        pytest.param("Contoso 公司 37% 的消费者换过品牌。", _PRIVACY, "contoso", id="name-unknown"),
        pytest.param(
            "《未来简史》说 37% 的消费者换过品牌。", _PRIVACY, "未来简史", id="title-unknown"
        ),
        pytest.param(
            "可持续发展已经成为收入引擎，而不是成本中心。", _HIRING, "没有", id="not-there"
        ),
        pytest.param(
            "74% 的 CEO 认为团队具备所需技能，低于其他高管的 29%。",
            _TEAMS,
            "并不",
            id="wrong-arithmetic",
        ),
        pytest.param(
            "69% 的受访高管把创新排在网络安全之后。", _SECURITY, "次序", id="order-turned"
        ),
        pytest.param(
            "超过六成的受访高管认为组织已为 AI 监管做好准备。",
            _REGULATION,
            "方向",
            id="hedge-turned",
        ),
        pytest.param(
            "15 个百分点的 CEO 评估过对劳动力的影响。", _HIRING, "不是比例", id="points-no-share"
        ),
        pytest.param(
            "生成式 AI 对劳动力的影响还没有评估过，46% 的 CEO 这么说。",
            _HIRING,
            "46%",
            id="pointing-back-at-another",
        ),
        pytest.param("……", _HIRING, "没有可以核对的内容", id="nothing-said"),
    ],
)
def test_what_the_book_does_not_say_is_not(
    verifier: Verifier, book: Book, sentence: str, place: str, reason: str
) -> None:
    verdict = verify(verifier, book, sentence, place)
    assert not verdict.supported
    assert verdict.evidence == ()
    assert reason in str(verdict.reason)


def test_its_own_mark_is_right(verifier: Verifier, book: Book) -> None:
    (own,) = (s for s in book.passages_by_id[_PRIVACY].sentences if "37%" in s.text)
    sentence = f"37% 的消费者为保护隐私换过品牌（注{own.notes[0]}）。"
    verdict = verify(verifier, book, sentence, _PRIVACY)
    assert verdict.supported, verdict.reason


@pytest.mark.parametrize("cited", [[], [1], [9], [0, -1]], ids=["none", "wrong", "beyond", "below"])
def test_a_sentence_goes_to_the_passage_that_supports_it(
    verifier: Verifier, book: Book, cited: list[int]
) -> None:
    supplied = [book.passages_by_id[place] for place in (_TEAMS, _ALONE, _PRIVACY)]
    verdict = verifier.verify("37% 的消费者为保护隐私换过品牌。", cited, supplied)
    assert verdict.supported, verdict.reason
    assert verdict.reattributed
    assert [evidence.passage.id for evidence in verdict.evidence] == [_PRIVACY]


def test_two_passages_together_support_a_joined_sentence(verifier: Verifier, book: Book) -> None:
    supplied = [book.passages_by_id[place] for place in (_TEAMS, _PRIVACY)]
    sentence = "74% 的 CEO 认为团队具备所需技能，而 37% 的消费者为保护隐私换过品牌。"
    both = verifier.verify(sentence, [1, 2], supplied)
    assert both.supported, both.reason
    assert not both.reattributed
    assert {evidence.passage.id for evidence in both.evidence} == {_TEAMS, _PRIVACY}
    assert verifier.verify(sentence, [1], supplied).reattributed


def test_no_farther_passage_carries_what_a_nearer_one_contradicts(
    verifier: Verifier, book: Book
) -> None:
    sentence = (
        "64% 的高管说，要用上生成式 AI，就需要先做应用现代化；反过来，生成式 AI 也能阻碍现代化。"
    )
    verdict = verify(verifier, book, sentence, "ch06.essay.p2", "ch06.t1.act.p1")
    assert not verdict.supported
    assert "阻碍" in str(verdict.reason)


def test_nothing_supplied_supports_nothing(verifier: Verifier) -> None:
    verdict = verifier.verify("37% 的消费者换过品牌。", [1], [])
    assert not verdict.supported
    assert verdict.reason == "没有可供核对的段落"


def test_the_same_sentence_gets_the_same_verdict(verifier: Verifier, book: Book) -> None:
    sentence = "37% 的消费者为保护隐私换过品牌。"
    assert verify(verifier, book, sentence, _PRIVACY) == verify(verifier, book, sentence, _PRIVACY)


def unsupported(verifier: Verifier, book: Book) -> list[str]:
    """Give the book's own sentences that the verifier does not find in their own passage."""
    return [
        f"{passage.id}: {verdict.reason}"
        for passage in book.passages
        for sentence in passage.sentences
        if len(readable(sentence.text)) > 5
        for verdict in [verifier.verify(readable(sentence.text), [1], [passage])]
        if not verdict.supported
    ]


def test_every_sentence_of_the_digest_is_supported_by_its_passage(
    verifier: Verifier, book: Book
) -> None:
    assert unsupported(verifier, book) == []


@pytest.mark.book
def test_every_sentence_of_the_guide_is_supported_by_its_passage(
    guide_book: Book, data_dir: Path
) -> None:
    assert unsupported(Verifier(open_index(guide_book, embedder(), data_dir)), guide_book) == []


def test_evidence_is_runs_of_neighbours(verifier: Verifier, book: Book) -> None:
    passage: Passage = book.passages_by_id[_HIRING]
    verdict = verify(verifier, book, readable(passage.sentences[-1].text), _HIRING)
    for evidence in verdict.evidence:
        places = [passage.sentences.index(sentence) for sentence in evidence.sentences]
        assert places == list(range(places[0], places[0] + len(places)))
        assert evidence.quote in passage.text
