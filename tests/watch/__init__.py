"""The lock, --since and feeds."""
