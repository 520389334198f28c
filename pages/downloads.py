"""Downloads page: every file that the loaded data can tell, and all of them as one."""

import streamlit as st

from core.exports import downloads
from pages.parts import cache, edition, files, gate, notices

gate.require()
st.title("Downloads")
warehouse = cache.warehouse()
if not cache.figure(downloads.available, warehouse):
    notices.nothing_loaded(
        "There is nothing to download yet. Add files of your shop, or look around with "
        "made-up ones."
    )
    st.stop()

st.caption(
    "Written from what is loaded now. Plain decimals, ids as text, UTF-8, one stable "
    "order: the same data always give the same bytes, but for a Tableau extract. The "
    "command line writes them too."
)
version = warehouse.version()
chosen = edition.choose(warehouse)
with st.spinner("Counting the rows..."):
    counts = cache.figure(downloads.counts, warehouse, chosen)
shelf = files.Shelf(warehouse, chosen, version)
shelf.draw_all(counts)
for contract in cache.figure(downloads.available, warehouse):
    shelf.draw(contract, counts[contract.file])
files.missing(counts)
st.header("Data dictionary", anchor=False)
st.caption("Each column of each file: its type, its unit and what a value says.")
files.dictionary(counts)
files.follow(warehouse, version)
