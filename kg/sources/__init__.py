"""One file per source; each turns what it reads into claims."""
