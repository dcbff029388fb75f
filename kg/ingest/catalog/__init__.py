"""Facts that travel with the program: made by the importers from other people's files, and cut."""
