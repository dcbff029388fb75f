"""Who comes from whom, as arrays; knows no snapshot."""
