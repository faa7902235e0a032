"""Conversations, answers and receipts: kept, checked against the library as it is, taken along."""
