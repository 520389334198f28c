"""Commands of `python -m core`: one module each, with its options and its run."""
