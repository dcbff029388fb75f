"""SPARQL and the data as data."""
