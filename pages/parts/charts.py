"""Charts: a table in, an Altair chart out; no streamlit."""
