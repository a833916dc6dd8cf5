"""Turn passages and questions into what is compared: words, vectors, and their fusion."""
