"""What is asked: its parts, its dates, what it follows on; questions about articles, and questions to offer."""
