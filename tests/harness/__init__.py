"""Mistakes that no test has to look for, because every test fails on them.

`templates`: an undefined variable in a template of ours. `querysets`: a list without an order, a careless row lock.
`responses`: a GET that writes, inline script or style, template code that came out as text.
"""
