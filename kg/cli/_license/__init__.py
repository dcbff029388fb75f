"""The answer about a license: its options, its text, its formats, and that of a release of before."""
