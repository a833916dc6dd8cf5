"""Tests of the package that reads the book."""
