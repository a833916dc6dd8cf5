"""Read a footnoted guide from plain text into a typed book: chapters, passages, claims, notes."""
