"""Official files about schools: read (`reading`), understood line by line (`formats`, `cells`), told about (`report`).

Nothing here writes to the database; `actions.import_schools` does.
"""
