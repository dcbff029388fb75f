"""The formats of bills of materials that are read."""
