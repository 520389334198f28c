"""The product without screens: read exports, keep them, match, report, write files."""
