"""What changed for the models that somebody uses: a lock of what was true, and answers of a day."""
