"""Korean and English: tokens, Hangul, sounds, names, numbers, dates, widths, messages, remarks."""
