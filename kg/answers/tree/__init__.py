"""A family as a tree: primary parents, what is shown."""
