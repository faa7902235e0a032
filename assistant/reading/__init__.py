"""Passages for a question, and which of their sentences answer it, in which words, how surely."""
