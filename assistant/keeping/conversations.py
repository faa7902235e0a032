"""Conversations that are kept: each answer whole, as it was given, with what was thought of it.

Tables of its own (`tables.py`) on the catalog's database. A kept answer carries its cited words, so it stays readable
when an article is removed, and no change of the library touches it. What belongs to one owner does not exist for
another. Knows no HTTP and no page, and nothing of how an answer is found.

    kept = Conversations(store.database)
    kept.keep(answer, owner, filters=None) -> Answer             begins a conversation, or goes on with the answer's
    kept.exchanges(conversation_id, owner) -> tuple[(question, text), ...], what a follow-up is read with
    kept.listed(owner, query, limit, cursor) -> ConversationPage, newest first
    kept.conversation(conversation_id, owner) -> Conversation
    kept.answers(conversation_id, owner) -> tuple[KeptAnswer, ...]
    kept.answer(answer_id, owner) -> KeptAnswer
    kept.rename(conversation_id, title, owner); kept.remove(conversation_id, owner)
    kept.rate(answer_id, Feedback("down", "Too old.") or None, owner); kept.rated(owner) -> tuple[KeptAnswer, ...]

`owner` is `request.state.owner`, which the guard sets; "" where no key is set.
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sql

from assistant.answer import Answer
from assistant.keeping.kept import Conversation, ConversationPage, Feedback, KeptAnswer, Owner, json_text
from assistant.keeping.tables import UPGRADES, Upgrades, answers, conversations, prepare
from vectorstore import Database, InvalidInput, NotFound, folded

TITLE_LENGTH = 200  # characters
MOST_REMEMBERED = 10  # last answers of a conversation that a follow-up is read with
CURSOR = re.compile(r"([0-9TZ:.-]{27})(conv_[0-9a-f]{24})", re.ASCII)


class Conversations:
    """Thread-safe. `NotFound` is raised alike for what does not exist and for what is another owner's."""

    def __init__(self, database: Database, upgrades: Upgrades = UPGRADES) -> None:
        """Makes the tables where they are missing, and brings older ones up to date.

        Raises:
            LibraryBroken: the disk refuses.
            LibraryMismatch: the tables were written by a newer Footnote.
        """
        self._database = database
        with database.writing() as connection:
            prepare(connection, upgrades)

    # Keeping

    def keep(self, answer: Answer, owner: Owner, *, filters: Mapping[str, Any] | None = None) -> Answer:
        """Stores the answer at the end of its conversation, of a new one where it has none; returns it as stored.

        Raises:
            NotFound: there is no such conversation.
        """
        now = _now()
        kept = answer if answer.conversation_id else replace(answer, conversation_id=f"conv_{secrets.token_hex(12)}")
        title = _title(kept.question)
        begun = {"title": title, "folded": folded(title), "created": now, "updated": now}
        row = {
            "id": kept.id,
            "conversation_id": kept.conversation_id,
            "created": now,
            "question": kept.question,
            "searched_for": kept.searched_for,
            "text": kept.text,
            "folded": folded(f"{kept.question}\n{kept.searched_for}\n{kept.text}"),
            "model": kept.model,
            "filters": dict(filters) if filters else None,
            "body": json_text(kept),
        }
        mine = (conversations.c.id == kept.conversation_id) & (conversations.c.owner == owner)
        with self._database.writing() as connection:
            if answer.conversation_id is None:
                connection.execute(sql.insert(conversations).values(**begun, id=kept.conversation_id, owner=owner))
            elif not connection.execute(sql.update(conversations).where(mine).values(updated=now)).rowcount:
                raise _no_conversation(kept.conversation_id)
            last = sql.select(sql.func.max(answers.c.number)).where(answers.c.conversation_id == kept.conversation_id)
            number = (connection.execute(last).scalar() or 0) + 1
            connection.execute(sql.insert(answers).values(**row, number=number))
        return kept

    def rename(self, conversation_id: str, title: str, owner: Owner) -> None:
        """Gives the conversation another title.

        Raises:
            NotFound: there is no such conversation.
        """
        title = _title(title)
        mine = (conversations.c.id == conversation_id) & (conversations.c.owner == owner)
        with self._database.writing() as connection:
            change = sql.update(conversations).where(mine).values(title=title, folded=folded(title))
            if not connection.execute(change).rowcount:
                raise _no_conversation(conversation_id)

    def remove(self, conversation_id: str, owner: Owner) -> None:
        """Deletes the conversation with its answers and their feedback.

        Raises:
            NotFound: there is no such conversation.
        """
        mine = (conversations.c.id == conversation_id) & (conversations.c.owner == owner)
        with self._database.writing() as connection:
            if not connection.execute(sql.delete(conversations).where(mine)).rowcount:
                raise _no_conversation(conversation_id)
            connection.execute(sql.delete(answers).where(answers.c.conversation_id == conversation_id))

    def rate(self, answer_id: str, feedback: Feedback | None, owner: Owner) -> None:
        """Keeps what a reader thought of the answer, in the place of what was kept before; None takes it back.

        Raises:
            NotFound: there is no such answer.
        """
        values = {"thumb": feedback and feedback.thumb, "reason": feedback and feedback.reason}
        ours = sql.select(conversations.c.id).where(conversations.c.owner == owner)
        change = sql.update(answers).where(answers.c.id == answer_id, answers.c.conversation_id.in_(ours))
        with self._database.writing() as connection:
            if not connection.execute(change.values(values)).rowcount:
                raise _no_answer(answer_id)

    # Reading

    def answer(self, answer_id: str, owner: Owner) -> KeptAnswer:
        """One answer.

        Raises:
            NotFound: there is no such answer.
        """
        found = self._kept(answers.c.id == answer_id, conversations.c.owner == owner)
        if not found:
            raise _no_answer(answer_id)
        return found[0]

    def answers(self, conversation_id: str, owner: Owner) -> tuple[KeptAnswer, ...]:
        """The answers of a conversation in the order they were given; none where there is no such conversation."""
        return self._kept(answers.c.conversation_id == conversation_id, conversations.c.owner == owner)

    def rated(self, owner: Owner | None = None) -> tuple[KeptAnswer, ...]:
        """The owner's answers that a reader thought something of, everybody's for None, oldest conversation first."""
        mine = sql.true() if owner is None else conversations.c.owner == owner
        return self._kept(answers.c.thumb.is_not(None), mine)

    def anybodys(self, answer_id: str) -> KeptAnswer | None:
        """The answer whoever keeps it, for the one who has the library's files anyway; None where nobody does."""
        return next(iter(self._kept(answers.c.id == answer_id)), None)

    def conversation(self, conversation_id: str, owner: Owner) -> Conversation:
        """One conversation as it is listed.

        Raises:
            NotFound: there is no such conversation.
        """
        with self._database.reading() as connection:
            row = connection.execute(_listing(owner).where(conversations.c.id == conversation_id)).first()
        if row is None:
            raise _no_conversation(conversation_id)
        return Conversation(*row)

    def exchanges(self, conversation_id: str, owner: Owner) -> tuple[tuple[str, str], ...]:
        """The last exchanges in order, each the stand-alone question and what was answered.

        Raises:
            NotFound: there is no such conversation.
        """
        self.conversation(conversation_id, owner)
        query = (
            sql.select(answers.c.searched_for, answers.c.text)
            .where(answers.c.conversation_id == conversation_id)
            .order_by(answers.c.number.desc())
            .limit(MOST_REMEMBERED)
        )
        with self._database.reading() as connection:
            return tuple(reversed([(question, text) for question, text in connection.execute(query)]))

    def listed(
        self, owner: Owner, query: str | None = None, limit: int = 100, cursor: str | None = None
    ) -> ConversationPage:
        """Conversations, the one with the newest answer first; `query` looks into titles, questions and answers.

        Raises:
            InvalidInput: the cursor is not one that a page gave.
        """
        select = _listing(owner).order_by(conversations.c.updated.desc(), conversations.c.id.desc())
        if query:
            words = folded(query)
            said = sql.select(answers.c.conversation_id).where(answers.c.folded.contains(words, autoescape=True))
            select = select.where(
                conversations.c.folded.contains(words, autoescape=True) | conversations.c.id.in_(said)
            )
        if cursor is not None:
            select = select.where(_after(cursor))
        with self._database.reading() as connection:
            items = [Conversation(*row) for row in connection.execute(select.limit(limit + 1))]
        more = len(items) > limit
        return ConversationPage(tuple(items[:limit]), items[limit - 1].updated + items[limit - 1].id if more else None)

    def _kept(self, *where: sql.ColumnElement[bool]) -> tuple[KeptAnswer, ...]:
        columns = (answers.c.body, answers.c.created, answers.c.filters, answers.c.thumb, answers.c.reason)
        query = (
            sql.select(*columns)
            .join(conversations, conversations.c.id == answers.c.conversation_id)
            .where(*where)
            .order_by(conversations.c.created, conversations.c.id, answers.c.number)
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return tuple(
            KeptAnswer(body, created, filters, Feedback(thumb, reason) if thumb else None)
            for body, created, filters, thumb, reason in rows
        )


def _listing(owner: Owner) -> sql.Select[str, str, str, str, int]:
    """Rows as the fields of `Conversation`."""
    c = conversations.c
    count = sql.select(sql.func.count()).select_from(answers).where(answers.c.conversation_id == c.id).scalar_subquery()
    return sql.select(c.id, c.title, c.created, c.updated, count).where(conversations.c.owner == owner)


def _after(cursor: str) -> sql.ColumnElement[bool]:
    match = CURSOR.fullmatch(cursor)
    if match is None:
        raise InvalidInput("The cursor is not one that the list gave: begin without one.", param="cursor")
    updated, id = match.groups()
    c = conversations.c
    return (c.updated < updated) | ((c.updated == updated) & (c.id < id))


def _title(text: str) -> str:
    """One line of it."""
    line = " ".join(text.split())
    return line if len(line) <= TITLE_LENGTH else line[: TITLE_LENGTH - 1].rstrip() + "…"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _no_conversation(conversation_id: str | None) -> NotFound:
    return NotFound(f"There is no conversation {conversation_id!r} here, or not any more.", param="conversation_id")


def _no_answer(answer_id: str) -> NotFound:
    return NotFound(f"There is no answer {answer_id!r} here, or not any more.", param="id")
