"""Answer questions from the guide: understand, retrieve, select, compose, check."""
