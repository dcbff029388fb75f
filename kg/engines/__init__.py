"""Full-text engines: the same clauses in, the same hits out."""
