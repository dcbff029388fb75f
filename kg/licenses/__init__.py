"""License terms, how they pass along derivations, and what follows for a use."""
