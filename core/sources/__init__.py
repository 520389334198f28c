"""One module per kind of export: recognise, rename, cast, unit."""
