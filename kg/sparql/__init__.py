"""SPARQL queries in processes that can be stopped."""
