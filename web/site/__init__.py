"""The other pages of the site."""
