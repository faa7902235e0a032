"""The catalog's tables. Knows no query.

SQLite today, and nothing in it that PostgreSQL lacks.
"""

import sqlalchemy as sql

metadata = sql.MetaData()
facts = sql.Table(
    "facts",  # schema, counter, embedding model, splitter
    metadata,
    sql.Column("name", sql.String, primary_key=True),
    sql.Column("value", sql.String, nullable=False),
)
articles = sql.Table(
    "articles",
    metadata,
    sql.Column("id", sql.String, primary_key=True),
    sql.Column("revision", sql.BigInteger, nullable=False, unique=True),  # counter at its last change of text
    sql.Column("version", sql.String, nullable=False),
    sql.Column("title", sql.String, nullable=False),
    sql.Column("source", sql.String),
    sql.Column("published", sql.String),
    sql.Column("author", sql.String),
    sql.Column("language", sql.String),
    sql.Column("tags", sql.JSON, nullable=False),
    sql.Column("dropped", sql.JSON, nullable=False),
    sql.Column("paragraphs", sql.Integer, nullable=False),
    sql.Column("chunks", sql.Integer, nullable=False),
)
versions = sql.Table(
    "versions",
    metadata,
    sql.Column("article_id", sql.String, primary_key=True),
    sql.Column("version", sql.String, primary_key=True),
    sql.Column("title", sql.String, nullable=False),
    sql.Column("text", sql.Text, nullable=False),
    sql.Column("paragraphs", sql.Text, nullable=False),  # [[start, end, page or null, [page starts]], ...]
)
chunks = sql.Table(
    "chunks",
    metadata,
    sql.Column("revision", sql.BigInteger, primary_key=True),
    sql.Column("number", sql.Integer, primary_key=True),
    sql.Column("article_id", sql.String, nullable=False, index=True),
    sql.Column("start", sql.Integer, nullable=False),
    sql.Column("end", sql.Integer, nullable=False),
    sql.Column("hash", sql.String, nullable=False, index=True),  # of the embedded string
)
changes = sql.Table(
    "changes",
    metadata,
    sql.Column("counter", sql.BigInteger, primary_key=True),
    sql.Column("article_id", sql.String, nullable=False),
)
texts = sql.Table(
    "texts",  # in the order in which the articles were added
    metadata,
    sql.Column("number", sql.BigInteger, primary_key=True),  # counter when the article was added; an edit keeps it
    sql.Column("article_id", sql.String, nullable=False, unique=True),
    sql.Column("copy_of", sql.BigInteger, index=True),  # number of its original
    sql.Column("same", sql.Boolean, nullable=False),  # to the letter
)
marks = sql.Table(
    "marks",  # by which copies are found: the longest sentences of originals
    metadata,
    sql.Column("hash", sql.BigInteger, primary_key=True),
    sql.Column("number", sql.BigInteger, primary_key=True, index=True),
    sqlite_with_rowid=False,
)
