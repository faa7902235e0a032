"""Several models over the same sets side by side: `make compare-models MODELS="extractive openai:x" SETS="folder"`.

    python -m tests.evaluation.compare_models SET ... --models extractive gguf:model.gguf [--url http://...] [--limit N]

right: the text shown holds a gold answer's words. cited: a citation carries the gold sentence. refused: of the
answerable questions, those refused, and of the unanswerable ones. left out: answers with a sentence left out. quoted:
answers quoted because the model was down or wrote nothing that holds. seconds: a question. tokens: word pieces that the
model read and wrote for a question, as the embedding model cuts them, the same for every model.
"""

import argparse
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from rich.console import Console
from rich.progress import track

from assistant.answer import Answer
from assistant.engine import Assistant
from assistant.generating.generated import Author
from assistant.generating.models import Writer, load_writers
from assistant.generating.writing import Patience
from assistant.settings import EXTRACTIVE
from tests.evaluation.__main__ import print_table
from tests.evaluation.asking import fill
from tests.evaluation.figures import Figures, share
from tests.evaluation.scoring import carries, within
from tests.evaluation.sets import EvaluationSet, Question, read_set
from vectorstore import Store, load_embedder

SLOW = Patience(first=120, between=60, whole=240)  # a small machine may take its time here


class Counted(BaseChatModel):
    """A chat model with a count of what it reads and writes."""

    chat: Any
    count: Any  # texts to word pieces
    read: int = 0
    written: int = 0

    @property
    def _llm_type(self) -> str:
        return str(self.chat._llm_type)

    def _stream(
        self, messages: list[BaseMessage], stop: Any = None, run_manager: Any = None, **options: Any
    ) -> Iterator[ChatGenerationChunk]:
        self.read += sum(self.count([str(message.content) for message in messages]))
        said = ""
        for chunk in self.chat.stream(messages):
            said += str(chunk.text)
            yield ChatGenerationChunk(message=chunk)
        self.written += sum(self.count([said]))

    def _generate(self, messages: list[BaseMessage], stop: Any = None, **options: Any) -> ChatResult:
        raise NotImplementedError("answers are streamed")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", type=Path, nargs="+")
    parser.add_argument("--models", nargs="+", required=True)
    parser.add_argument("--url", help="base address of an OpenAI-compatible server")
    parser.add_argument("--limit", type=int, default=100, help="questions of each set, evenly spread (100)")
    given = parser.parse_args()
    embedder = load_embedder()
    writers = [
        Writer(each.name, Counted(chat=each.chat, count=embedder.count), each.room)
        for each in load_writers(given.models, given.url)
    ]
    columns: dict[str, Figures] = {}
    for folder in given.sets:
        chosen = read_set(folder, given.limit)
        with tempfile.TemporaryDirectory() as root:
            store = Store(Path(root) / "library", embedder)
            author = Author(store, writers, SLOW) if writers else None
            assistant = Assistant(store, models=given.models, author=author)
            fill(assistant, [chosen])
            for name in given.models:
                counted = next((each.chat for each in writers if each.name == name), None)
                columns[f"{chosen.name} {name.rsplit('/', 1)[-1]}"] = _figures(assistant, chosen, name, counted)
            store.close()
    print_table(columns, assistant._least_confidence)


def _figures(assistant: Assistant, chosen: EvaluationSet, name: str, counted: Any) -> Figures:
    asked: list[tuple[Question, Answer]] = []
    before = (counted.read, counted.written) if counted else (0, 0)
    begin = time.perf_counter()
    for question in track(chosen.questions, name, console=Console(stderr=True)):
        asked.append((question, assistant.ask(question.text, model=name)))
    seconds = time.perf_counter() - begin
    answerable = [(question, answer) for question, answer in asked if question.answerable]
    number = max(len(asked), 1)
    return {
        "questions": len(asked),
        "right": share(_right(question, answer) for question, answer in answerable),
        "cited": share(_cited(question, answer) for question, answer in answerable if question.wanted),
        "refused, answerable": share(answer.refusal is not None for _, answer in answerable),
        "refused, unanswerable": share(a.refusal is not None for q, a in asked if not q.answerable),
        "left out": share(_noticed(answer, "left_out") for _, answer in asked),
        "quoted instead": share(answer.model == EXTRACTIVE != name for _, answer in asked),
        "seconds": seconds / number,
        "tokens read": (counted.read - before[0]) / number if counted else 0.0,
        "tokens written": (counted.written - before[1]) / number if counted else 0.0,
    }


def _right(question: Question, answer: Answer) -> bool:
    said = " ".join(sentence.text for sentence in answer.sentences)
    return any(within(gold, said) for gold in question.answers)


def _cited(question: Question, answer: Answer) -> bool:
    return any(
        citation.article.id == question.article_id and carries(citation.cited_text, sentence, question.answers)
        for citation in answer.citations
        for sentence in question.wanted
    )


def _noticed(answer: Answer, kind: str) -> bool:
    return any(notice.type == kind for notice in answer.notices)


if __name__ == "__main__":
    main()
