"""One module a kind of file; `ingest/readers.py` holds the table."""
