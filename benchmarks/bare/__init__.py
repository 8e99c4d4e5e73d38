"""The reference of `signup`: the shortest honest Django application that gives out places. One view, one template; it
locks the row, counts and inserts. It lives in a schema of its own beside our tables."""
