"""How fast the product is, beside what else does the same: `make bench`.

A benchmark is a module bench_<noun>.py in this folder with a NAME and a function
`run(size: int) -> list[Result]`, where size is the number of rows to work on.
"""
