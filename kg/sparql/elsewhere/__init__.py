"""Queries of the public put to a SPARQL server elsewhere, which holds the same release."""
