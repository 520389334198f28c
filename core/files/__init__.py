"""Bytes of a file to text: containers, encodings, tables, documents."""
