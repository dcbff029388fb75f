"""One module a question put to a snapshot."""
