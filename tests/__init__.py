"""Tests of the whole project, a folder a package."""
