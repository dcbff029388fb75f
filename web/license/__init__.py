"""Licenses on the site."""
