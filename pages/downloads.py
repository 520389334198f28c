"""Downloads page: every file that the loaded data can tell, and one zip of all."""

import streamlit as st

from core.exports import downloads
from pages.parts import cache, files, gate, sample

gate.require()
st.title("Downloads")
warehouse = cache.warehouse()
with st.spinner("Writing the files..."):
    bundle = cache.figure(downloads.bundle, warehouse)
if not bundle.offers:
    st.info("There is nothing to download yet. Add files first.")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.page_link("add_files.py", label="Add files", icon=":material/upload_file:")
        sample.load_button()
    st.stop()

st.caption(
    "Written from what is loaded now. Plain decimals, ids as text, UTF-8, one stable "
    "order: the same data always give the same bytes. The command line writes them too."
)
files.zip_button(bundle)
for offer in bundle.offers:
    files.row(offer)
files.missing(bundle)
st.header("Data dictionary", anchor=False)
st.caption("Each column of each file: its type, its unit and what a value says.")
files.dictionary(bundle)
