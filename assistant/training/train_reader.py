"""Trains the extractive reader and writes it as int8 ONNX.

    python -m assistant.training.train_reader --data DIR --out assistant/weights/reader.onnx --minutes 45 --seed 1

DIR holds the folders `squad2_train` and `squadshifts_train`; our own questions about their passages lie beside this
file. The learning rate falls to zero over the minutes given,
however many examples they are enough for, so that a run always ends well on any machine; the same seed therefore
gives the same data and order, and the same weights only at the same speed. Knows nothing of the library or of search.
"""

import argparse
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from sklearn.metrics import roc_auc_score
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from assistant.training.reader_model import ReaderModel, export, packaged, restored
from assistant.training.reading_data import Encoder, Example, load, mixture

LENGTH = 256  # pieces in training; nine in ten examples are shorter
BATCH = 16
RATE, HEAD_RATE = 1e-4, 5e-4
WARM_UP = 0.05  # of the time
# Where the processor multiplies bf16 itself, that is three times as fast; where it does not, twelve times slower.
HALF = any(torch.cpu.get_capabilities().get(name) for name in ("avx512_bf16", "amx_bf16"))
TITLED = 0.5  # of the examples have their title before the passage: the reader is to work with and without
SENTENCE_WEIGHT, ANSWERABLE_WEIGHT = 0.3, 0.5
CHECKPOINT_SECONDS = 600
PROBED = 480  # held-out questions asked at each checkpoint


def batches(examples: Sequence[Example], rng: random.Random) -> Iterator[list[Example]]:
    """The examples without end, shuffled, those of about the same length together: a third less padding to compute."""
    while True:
        order = rng.sample(examples, len(examples))
        for at in range(0, len(order), 64 * BATCH):
            pool = sorted(order[at : at + 64 * BATCH], key=lambda example: len(example.ids))
            cut = [pool[i : i + BATCH] for i in range(0, len(pool), BATCH)]
            rng.shuffle(cut)
            yield from cut


def tensors(batch: Sequence[Example]) -> tuple[Tensor, Tensor, Tensor]:
    ids = torch.zeros(len(batch), max(len(example.ids) for example in batch), dtype=torch.long)
    mask, types = torch.zeros_like(ids), torch.zeros_like(ids)
    for row, example in enumerate(batch):
        size = len(example.ids)
        ids[row, :size] = torch.tensor(example.ids)
        mask[row, :size] = 1
        types[row, example.second : size] = 1
    return ids, mask, types


def permitted(types: Tensor) -> Tensor:
    """Where a span may stand: in the passage, or at [CLS] for none."""
    allowed = types.bool()
    allowed[:, 0] = True
    return allowed


def loss_of(model: ReaderModel, batch: Sequence[Example]) -> Tensor:
    """Start and end; that the start lies in the right sentence, which forgives other bounds; and answerability."""
    inputs = tensors(batch)
    start, end, answerable = (output.float() for output in model(*inputs))
    closed = ~permitted(inputs[2])
    starts = functional.log_softmax(start.masked_fill(closed, -1e4), dim=1)
    ends = functional.log_softmax(end.masked_fill(closed, -1e4), dim=1)
    spans = torch.tensor([example.span for example in batch])
    sentences = torch.tensor([example.sentence for example in batch])
    places = torch.arange(start.shape[1])
    outside = (places < sentences[:, :1]) | (places > sentences[:, 1:])
    rows = torch.arange(len(batch))
    exact = -(starts[rows, spans[:, 0]] + ends[rows, spans[:, 1]]).mean() / 2
    rough = -(starts.masked_fill(outside, -1e4).logsumexp(1) + ends.masked_fill(outside, -1e4).logsumexp(1)).mean() / 2
    known = functional.binary_cross_entropy_with_logits(answerable, (spans[:, 0] > 0).float())
    return exact + SENTENCE_WEIGHT * rough + ANSWERABLE_WEIGHT * known


def probe(model: ReaderModel, held: Sequence[Example]) -> str:
    """Exact span, and how well answerable and unanswerable part, on questions of articles that are not trained on."""
    exact, margins, heads, truth = [], [], [], []
    ordered = sorted(held, key=lambda example: len(example.ids))
    model.eval()
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, HALF):
        for at in range(0, len(ordered), BATCH):
            batch = ordered[at : at + BATCH]
            inputs = tensors(batch)
            start, end, answerable = (output.float().numpy() for output in model(*inputs))
            for row, example in enumerate(batch):
                stop = len(example.ids) - 1
                first, last, score = best_span(start[row, :stop], end[row, :stop], example.second)
                margins.append(score - start[row, 0] - end[row, 0])
                heads.append(answerable[row])
                truth.append(example.span[0] > 0)
                exact += [(first, last) == example.span] if example.span[0] else []
    model.train()
    both = [roc_auc_score(truth, values) for values in (margins, heads)]
    return f"exact span {np.mean(exact):.3f}, AUROC margin {both[0]:.3f}, head {both[1]:.3f}"


def best_span(start: np.ndarray, end: np.ndarray, second: int, longest: int = 24) -> tuple[int, int, float]:
    """The highest sum of a start and an end at most `longest` pieces apart, from piece `second` on."""
    sums = start[second:, None] + end[None, second:]
    near = np.triu(np.tri(len(sums), k=longest - 1, dtype=bool))  # the end at or after the start, and not far
    sums = np.where(near, sums, -1e9)
    first, last = np.unravel_index(int(sums.argmax()), sums.shape)
    return int(first) + second, int(last) + second, float(sums[first, last])


def optimizer_of(model: ReaderModel) -> torch.optim.AdamW:
    # The word vectors stay: half of the parameters, a tenth of each step's time, and rare words keep their places.
    model.bert.embeddings.word_embeddings.weight.requires_grad_(False)
    body = [p for p in model.bert.parameters() if p.requires_grad]
    heads = [*model.span.parameters(), *model.pool.parameters(), *model.answerable.parameters()]
    groups = [{"params": body, "rate": RATE}, {"params": heads, "rate": HEAD_RATE}]
    return torch.optim.AdamW(groups, lr=RATE, weight_decay=0.01, fused=True)


def train(
    model: ReaderModel,
    examples: Sequence[Example],
    held: Sequence[Example],
    seconds: float,
    rng: random.Random,
    checkpoint: Path,
) -> None:
    optimizer = optimizer_of(model)
    began = saved = time.monotonic()
    mean, seen = 0.0, 0
    for step, batch in enumerate(batches(examples, rng)):
        now = time.monotonic()
        done = (now - began) / seconds
        if done >= 1:
            break
        for group in optimizer.param_groups:
            group["lr"] = group["rate"] * min(done / WARM_UP + 0.01, (1 - done) / (1 - WARM_UP))
        with torch.autocast("cpu", torch.bfloat16, HALF):
            loss = loss_of(model, batch)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        mean, seen = mean + 0.02 * (loss.item() - mean), seen + len(batch)
        if step % 50 == 0:
            print(
                f"{done:.1%} step {step} seen {seen} ({seen / (now - began + 1e-9):.1f}/s) loss {mean:.3f}", flush=True
            )
        if now - saved > CHECKPOINT_SECONDS:
            torch.save(model.state_dict(), checkpoint)
            print(probe(model, held[:PROBED]), flush=True)
            saved = time.monotonic()


def averaged(one: dict[str, Tensor], other: dict[str, Tensor]) -> dict[str, Tensor]:
    """The mean of two runs' weights, as in "model soups" (Wortsman et al. 2022): at times better than either run."""
    return {name: (weight + other[name]) / 2 if weight.is_floating_point() else weight for name, weight in one.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description="Train the extractive reader.")
    parser.add_argument("--data", type=Path, required=True, help="folder of squad2_train and squadshifts_train")
    parser.add_argument("--out", type=Path, required=True, help="the ONNX file to write")
    parser.add_argument("--minutes", type=float, default=45)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", type=Path, help="a checkpoint or exported weights to train on from")
    parser.add_argument("--average", action="store_true", help="write the mean of start and end")
    parser.add_argument(
        "--casual",
        type=float,
        default=1.0,
        help="share of the questions about reviews and posts, or naming nothing, that is used",
    )
    parser.add_argument("--titled", type=float, default=TITLED, help="share of the examples with their title")
    parser.add_argument(
        "--checkpoint", type=Path, default=Path(tempfile.gettempdir(), "reader.pt"), help="where full precision goes"
    )
    given = parser.parse_args()
    rng = random.Random(given.seed)  # noqa: S311 - order, not secrets
    torch.manual_seed(given.seed)
    train_on, held_out = load(given.data, rng)
    rng = random.Random(f"{given.seed} {given.start}")  # noqa: S311 - a second run draws other examples
    encode = Encoder(Tokenizer.from_file(str(packaged() / "tokenizer.json")), LENGTH)
    examples = [encode(asked, rng.random() < given.titled, rng) for asked in mixture(train_on, rng, given.casual)]
    held = [encode(asked, False, rng) for asked in rng.sample(held_out, len(held_out))]
    print(f"{len(examples)} examples, {len(held)} held out", flush=True)
    model = ReaderModel()
    if given.start:
        model.load_state_dict(restored(given.start))
    model.train()
    train(model, examples, held, given.minutes * 60, rng, given.checkpoint)
    if given.start and given.average:
        torch.save(model.state_dict(), given.checkpoint.with_suffix(".alone.pt"))
        model.load_state_dict(averaged(restored(given.start), model.state_dict()))
    torch.save(model.state_dict(), given.checkpoint)
    print(probe(model, held), flush=True)
    export(model.state_dict(), given.out)


if __name__ == "__main__":
    main()
