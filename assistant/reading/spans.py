"""The extractive reader's network: where in a passage an answer begins and ends, and whether it is there.

A fine-tuned all-MiniLM-L6-v2 with a span head, in int8 through ONNX Runtime (weights/DATASHEET.md says how it was
trained and what it reaches). Knows one question and one passage at a time; weighing passages against one another is
the reader's business.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vectorstore import Span
from vectorstore.embedder import packaged_folder

WEIGHTS = Path(__file__).parents[1] / "weights" / "reader.onnx"
LENGTH = 320  # word pieces of question, title and passage together
QUESTION_PIECES = 48
TITLE_PIECES = 16
LONGEST = 30  # word pieces of an answer
CLS, SEP = 101, 102
NOWHERE = -20.0  # below every score that the network gives

Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Reading:
    """The network's scores for one passage; `starts` and `ends` are [pieces], aligned with `offsets` into its text."""

    starts: Scores
    ends: Scores
    offsets: NDArray[np.int64]  # [pieces, 2], code points
    null: float  # score of "the answer is not here", comparable with a start plus an end
    answerable: float  # logit
    mass: float  # log of the sum of exp(start) over all pieces and the null

    def best_in(self, within: Span) -> tuple[float, float, Span | None]:
        """Of a part of the passage: how much better its best span is than none, its share of the starts, the span.

        The first is a difference of logits, the second a log-probability in (-inf, 0].
        """
        first, last = self._pieces(within)
        if first >= last:
            return NOWHERE, NOWHERE, None
        starts, ends = self.starts[first:last], self.ends[first:last]
        sums = starts[:, None] + ends[None, :]
        # The end at the start or after it, and not far from it.
        sums = np.where(np.triu(np.tri(len(starts), k=LONGEST - 1, dtype=bool)), sums, -1e9)
        begin, end = np.unravel_index(int(sums.argmax()), sums.shape)
        span = Span(int(self.offsets[first + begin, 0]), int(self.offsets[first + end, 1]))
        share = float(np.logaddexp.reduce(starts)) - self.mass
        return max(float(sums[begin, end]) - self.null, NOWHERE), max(share, NOWHERE), span

    def _pieces(self, within: Span) -> tuple[int, int]:
        first = int(np.searchsorted(self.offsets[:, 0], within.start))
        return first, int(np.searchsorted(self.offsets[:, 1], within.end, side="right"))


class SpanModel:
    """Thread-safe."""

    def __init__(self, weights: Path = WEIGHTS) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        options.intra_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_file(str(packaged_folder() / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._workers = ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="read")

    def read_all(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Reading]:
        """What `read` says of each title and passage, the passages side by side."""
        return list(self._workers.map(lambda passage: self.read(question, *passage), passages))

    def read(self, question: str, title: str, passage: str) -> Reading:
        """Scores every piece of `passage` (what is beyond `LENGTH` pieces is not read)."""
        asked = self._tokenizer.encode(question, add_special_tokens=False).ids[:QUESTION_PIECES]
        named = self._tokenizer.encode(title, add_special_tokens=False).ids[:TITLE_PIECES]
        begin = len(asked) + len(named) + 2
        pieces = self._tokenizer.encode(passage, add_special_tokens=False)
        shown = pieces.ids[: LENGTH - begin - 1]
        ids = np.array([[CLS, *asked, SEP, *named, *shown, SEP]], dtype=np.int64)
        types = np.zeros_like(ids)
        types[:, len(asked) + 2 :] = 1
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": types}
        starts, ends, answerable = self._session.run(["start_logits", "end_logits", "answerable"], inputs)
        of_passage = slice(begin, begin + len(shown))
        return Reading(
            starts[0, of_passage],
            ends[0, of_passage],
            np.array(pieces.offsets[: len(shown)], dtype=np.int64).reshape(-1, 2),
            float(starts[0, 0] + ends[0, 0]),
            float(np.ravel(answerable)[0]),
            float(np.logaddexp.reduce([starts[0, 0], *starts[0, of_passage]])),
        )
