"""The tables that conversations are kept in, beside the catalog's on the library's database, and their schema version.

Nothing in them that PostgreSQL lacks. Knows nothing of what is read from them or written (`conversations.py`).
"""

from collections.abc import Sequence

import sqlalchemy as sql

from vectorstore import LibraryMismatch

metadata = sql.MetaData()
facts = sql.Table(
    "conversation_facts",  # the schema of these tables
    metadata,
    sql.Column("name", sql.String, primary_key=True),
    sql.Column("value", sql.String, nullable=False),
)
conversations = sql.Table(
    "conversations",
    metadata,
    sql.Column("id", sql.String, primary_key=True),
    sql.Column("owner", sql.String, nullable=False, index=True),  # "" where no key is set
    sql.Column("title", sql.String, nullable=False),
    sql.Column("folded", sql.String, nullable=False),  # the title, as it is searched
    sql.Column("created", sql.String, nullable=False),  # ISO 8601 in UTC to the microsecond: sorts as it reads
    sql.Column("updated", sql.String, nullable=False, index=True),  # when its last answer was given
)
answers = sql.Table(
    "answers",
    metadata,
    sql.Column("id", sql.String, primary_key=True),
    sql.Column("conversation_id", sql.String, nullable=False),
    sql.Column("number", sql.Integer, nullable=False),  # from 1, in the order they were given
    sql.Column("created", sql.String, nullable=False),
    sql.Column("question", sql.Text, nullable=False),
    sql.Column("searched_for", sql.Text, nullable=False),
    sql.Column("text", sql.Text, nullable=False),
    sql.Column("folded", sql.Text, nullable=False),  # question and text, as they are searched
    sql.Column("model", sql.String, nullable=False),
    sql.Column("filters", sql.JSON(none_as_null=True)),
    sql.Column("body", sql.Text, nullable=False),  # what `POST /v1/ask` answered, byte for byte
    sql.Column("thumb", sql.String),
    sql.Column("reason", sql.Text),
    sql.UniqueConstraint("conversation_id", "number"),
)
# What turns schema n into n + 1, as statements; the first one turns 1 into 2. The tables above are the newest.
Upgrades = Sequence[Sequence[str]]
UPGRADES: Upgrades = ()


def prepare(connection: sql.Connection, upgrades: Upgrades = UPGRADES) -> None:
    """Makes the tables where they are missing, and brings older ones up to date.

    Raises:
        LibraryMismatch: they were written by a newer Footnote.
    """
    newest = 1 + len(upgrades)
    metadata.create_all(connection)
    known = connection.execute(sql.select(facts.c.value).where(facts.c.name == "schema")).scalar()
    schema = int(known or newest)
    if schema > newest:
        raise LibraryMismatch(
            f"The library's conversations have schema {schema}, newer than {newest}: use a newer Footnote."
        )
    for statement in (each for upgrade in upgrades[schema - 1 :] for each in upgrade):
        connection.execute(sql.text(statement))
    connection.execute(sql.delete(facts))
    connection.execute(sql.insert(facts).values(name="schema", value=str(newest)))
