"""Family trees on the site."""
