"""Clients of other people, from npm and PyPI, against a running server (make test-slow)."""
