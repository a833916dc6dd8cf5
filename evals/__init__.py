"""Measures of what the project finds and answers, with the data sets that need no licence."""
