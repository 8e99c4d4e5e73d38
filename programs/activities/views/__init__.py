"""The pages of the spine: for volunteers and schools, for those who plan, for those who count, and the feed."""
