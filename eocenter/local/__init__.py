"""The platform on one person's machine: its own PostgreSQL and Valkey under `.local/`, and everything started together.

`python -m eocenter.local run` is `make run`; `python -m eocenter.local with COMMAND` lends the servers to a command.
Nothing here is imported in production, and nothing here imports Django, so that it starts at once.
"""
