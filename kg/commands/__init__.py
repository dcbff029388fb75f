"""The commands of `gyebo`, a module each; kg/cli.py loads the one that is asked for."""
