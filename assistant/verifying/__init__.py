"""Whether cited words carry a sentence: alignment, then its numbers, dates, units, names and negations."""
