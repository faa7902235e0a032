"""What on a web page is the article: its furniture taken out of the tree, its blocks chosen, its own word for it."""
