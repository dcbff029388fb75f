"""What is said and of what: claims, facts, entities, the vocabulary, values, issues, IRIs, formats."""
