"""The graph in standard formats."""
