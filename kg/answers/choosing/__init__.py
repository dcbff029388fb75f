"""Choosing among all models by columns."""
