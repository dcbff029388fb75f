"""The two passes that turn claims into a release, each by ranges that can be shared out and kept."""
