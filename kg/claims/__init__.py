"""From what is said to what holds: claim files, runs, trust, linking, resolving."""
