"""Charts: a table in, an Altair chart out; no streamlit.

Every table is turned into one of fixed, own field names first, with its values as
people read them beside it: no text of a file ever names a field.
"""
