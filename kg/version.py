"""The version of the program. pyproject.toml reads it here: asking the installed package takes longer than most answers."""

__version__ = "0.2.0"
