"""The only room that writes a snapshot."""
