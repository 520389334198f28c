"""The made-up shop of the sample files."""
