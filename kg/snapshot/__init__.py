"""The immutable snapshot on disk, and what is read from it."""
