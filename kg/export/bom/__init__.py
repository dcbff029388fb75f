"""One model with its whole ancestry, in standard formats."""
