"""Reading other people's sources into claims."""
