"""Declared beside inherited licenses: the list of models whose license says less than their ancestry."""
