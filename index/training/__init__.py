"""Training of the shipped embedding model; nothing of this is imported at question time.

Run ``python -m index.training``. The steps, in order: `pairs` reads the corpus, `overlap` drops
what shares text with the test sets, `vocabulary` builds the tokenizer, `thesaurus` says which words
mean nearly the same, `vectors` makes the start rows, `fit` trains them on `batches`, and `export`
writes the folder that `index.static` reads.
"""
