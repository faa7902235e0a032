"""Pages of our own making, as sites make them, and the text that a reader came for.

`stories.txt` holds the articles, `templates.py` the pages around them: furniture of a dozen kinds of sites, in markup
of several ages. Every story is set in every template that its kind can stand in.
"""
