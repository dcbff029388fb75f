"""What is searched of each entity: its document, made from its own facts, from its neighbors and from what all of them say."""
