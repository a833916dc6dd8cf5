"""The bundled book: our own digest edition of the guide."""

from pathlib import Path

DIGEST = Path(__file__).parent / "digest.txt"
