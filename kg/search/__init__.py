"""The search index: queries, analysis, ranking, spelling, engines."""
