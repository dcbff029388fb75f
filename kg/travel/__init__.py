"""A release that travels: sent to a storage, fetched from it, switched whole."""
