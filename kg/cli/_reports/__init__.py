"""Answers in the formats of other programs, and in Markdown for a comment on a change."""
