"""What a project uses: the models and data sets that its files name."""
