"""The embedded DuckDB: schema, load plans, undo, and all SQL."""
