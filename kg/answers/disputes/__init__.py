"""Facts on which sources disagree: who says what, which value holds and why, and what would follow from another."""
