"""Writing the model so that numpy, sentence-transformers and model2vec read the same vectors.

Rows are stored as int8 with one scale a row, under the names that sentence-transformers'
``StaticEmbedding`` and model2vec read (``embeddings``, ``weights``). A mean of rows is brought to
unit length by the second module, so that a zero row (the unknown token's) changes no vector.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

_LARGEST: Final = 127
_MODULES: Final = "sentence_transformers.sentence_transformer.modules"


def save_model(
    tokenizer: Tokenizer, rows: NDArray[np.float32], folder: Path, *, quantised: bool = True
) -> None:
    """Write tokenizer, weights and module list into a folder, which is made.

    Parameters
    ----------
    tokenizer : Tokenizer
        Truncation and padding are switched off in what is written.
    rows : array of float32, shape (vocabulary, dimension)
        A row a token id.
    folder : Path
        Other files in it (the model card) stay.
    quantised : bool
        False stores float32 rows, for measuring what int8 costs.
    """
    from safetensors.numpy import save_file

    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.no_truncation()
    tokenizer.no_padding()
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    whole = np.ones(len(rows), np.float32)
    stored, scales = quantise(rows) if quantised else (rows, whole)
    save_file({"embeddings": stored, "weights": scales}, folder / "model.safetensors")
    (folder / "model.safetensors").chmod(0o644)
    modules = [
        {"idx": 0, "name": "0", "path": "", "type": f"{_MODULES}.StaticEmbedding"},
        {"idx": 1, "name": "1", "path": "1_Normalize", "type": f"{_MODULES}.Normalize"},
    ]
    text = json.dumps(modules, indent=2) + "\n"
    (folder / "modules.json").write_text(text, encoding="utf-8")


def quantise(rows: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Round each row to whole numbers up to 127; give them and the scale of each row."""
    scales = np.abs(rows).max(axis=1) / _LARGEST
    whole = np.rint(rows / np.where(scales > 0, scales, 1)[:, None]).astype(np.int8)
    return whole, scales.astype(np.float32)
