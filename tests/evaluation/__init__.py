"""How well the assistant finds, quotes and refuses, measured on sets of questions. Not collected by pytest."""
