"""From what a source calls a license to the license that is meant."""
