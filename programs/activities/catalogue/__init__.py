"""What everybody may read of coming activities: which dates, how they stand, where they are, and in which forms they
travel. Nothing in here knows a person; nothing in here writes."""
