"""The genealogy of language models: claims in, a snapshot out, answers from it."""
