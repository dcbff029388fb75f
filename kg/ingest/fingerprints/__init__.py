"""What the files of a model look like beside those of published models."""
