"""What follows from a license answer: what to do, what is missing, and answers side by side."""
