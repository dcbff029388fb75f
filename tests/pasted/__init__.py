"""What somebody pasted, judged."""
