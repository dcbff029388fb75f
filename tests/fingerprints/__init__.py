"""The published fingerprints: made from their source, and how well they recognize models."""
