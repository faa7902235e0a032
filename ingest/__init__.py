"""From a file, a page or a string to an article and its chunks in the library."""
