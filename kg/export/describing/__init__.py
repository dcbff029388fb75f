"""What a release and its endpoint are, in the words in which programs look for data."""
