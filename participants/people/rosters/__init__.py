"""Class lists in the files that schools have: read apart, understood column by column, matched with who is known."""
