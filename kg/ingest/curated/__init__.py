"""The hand-written files of data/, read strictly."""
