"""Releases beside each other: what changed from one to the next, and what is kept of those that are gone."""
