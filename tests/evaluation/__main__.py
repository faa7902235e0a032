"""Measures the assistant on sets of questions, in process.

    make evaluate                                  # our own questions about the samples
    make evaluate SETS="folder other/folder"
    python -m tests.evaluation [SET ...] [--removed] [--limit N] [--show N] [--beside SET ...] [--library DIR]

Each set has a library of its own, made of its articles (and those of the sets beside it) and thrown away after, or
kept in --library for the next run. Prints one table, a column a set, and draws the risk-coverage and calibration
curves. --show prints N questions of each kind of error.
"""

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from assistant.engine import Assistant
from assistant.reading.reader import Weights
from tests.evaluation.asking import Asked, ask_all, fill, follow_all
from tests.evaluation.curves import draw
from tests.evaluation.far_off import far_off
from tests.evaluation.figures import Figures, of_questions, of_turns, share
from tests.evaluation.samples import sample_set
from tests.evaluation.sets import EvaluationSet, read_set
from vectorstore import Store, load_embedder

EVERYTHING = 1.0  # a promise that is always kept: nothing is refused


def main() -> None:
    given = _arguments()
    threshold = Weights.load().threshold(given.promise)
    columns: dict[str, Figures] = {}
    results: dict[str, list[Asked]] = {}
    for chosen in [read_set(folder, given.limit) for folder in given.sets] or [sample_set()]:
        with ExitStack() as held:
            assistant = _assistant(held, given, chosen)
            if chosen.turns:
                turns = list(track(follow_all(assistant, chosen), chosen.name, len(chosen.turns), console=ERRORS))
                columns[chosen.name] = of_turns(turns)
                continue
            asking = ask_all(assistant, chosen, threshold, given.removed)
            asked = list(track(asking, chosen.name, len(chosen.questions), console=ERRORS))
            columns[chosen.name] = of_questions(asked) | _far_off(assistant, threshold, given.removed)
            results[chosen.name] = asked
            _show(asked, given.show)
    print_table(columns, threshold)
    if results:
        draw(results, given.picture, given.promise)
        ERRORS.print(f"The curves are in {given.picture}.")
    if given.json:
        given.json.write_text(json.dumps(columns, indent=1) + "\n")


ERRORS = Console(stderr=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", type=Path, nargs="*", help="folders with articles.jsonl and questions or turns")
    parser.add_argument("--removed", action="store_true", help="also ask with the gold article left out, and far off")
    parser.add_argument("--limit", type=int, help="only N questions of each set, evenly spread")
    parser.add_argument("--show", type=int, default=0, help="print N questions of each kind of error")
    parser.add_argument("--beside", type=Path, nargs="*", default=[], help="sets whose articles are in the library too")
    parser.add_argument("--library", type=Path, help="a folder that keeps the libraries made, for the next run")
    parser.add_argument("--promise", type=float, default=0.1)
    parser.add_argument("--picture", type=Path, default=Path("evaluation.png"))
    parser.add_argument("--json", type=Path, help="also write the figures here")
    return parser.parse_args()


def _assistant(held: ExitStack, given: argparse.Namespace, chosen: EvaluationSet) -> Assistant:
    """An assistant that refuses nothing, over the set's articles."""
    beside = [read_set(folder) for folder in given.beside]
    name = "+".join(each.name for each in (chosen, *beside))
    root = given.library or Path(held.enter_context(tempfile.TemporaryDirectory()))
    store = Store(root / name, load_embedder())
    held.callback(store.close)
    assistant = Assistant(store, promise=EVERYTHING)
    fill(assistant, [chosen, *beside])
    return assistant


def _far_off(assistant: Assistant, threshold: float, asked: bool) -> Figures:
    if not asked:
        return {}
    answers = [assistant.ask(question) for question in far_off()]
    return {"far off: refused": share(each.refusal is not None or each.confidence < threshold for each in answers)}


def _show(asked: Sequence[Asked], most: int) -> None:
    kinds = Counter(each.kind for each in asked if each.kind)
    for kind, number in kinds.most_common() if most else ():
        ERRORS.rule(f"{kind}: {number} of {len(asked)}")
        for each in [each for each in asked if each.kind == kind][:most]:
            ERRORS.print(_line(each), markup=False, highlight=False)


def _line(asked: Asked) -> str:
    gold = " | ".join(dict.fromkeys(asked.question.answers))
    sentences = "\n    ".join(sentence.text[:300] for sentence in asked.answer.sentences)
    wanted = "" if asked.best_right else f"\n  wanted: {' | '.join(asked.question.wanted)[:300]}"
    return (
        f"{asked.question.text}\n  gold: {gold[:200]}\n  found: {asked.short!r}, confidence "
        f"{asked.answer.confidence:.2f}, place {asked.place}\n    {sentences}{wanted}"
    )


def print_table(columns: dict[str, Figures], threshold: float) -> None:
    table = Table(title=f"Refused below a confidence of {threshold:.2f}")
    table.add_column("")
    for name in columns:
        table.add_column(name, justify="right")
    for row in dict.fromkeys(row for figures in columns.values() for row in figures):
        table.add_row(row, *(_written(figures.get(row)) for figures in columns.values()))
    Console(width=max(80, 46 + 22 * len(columns)) if not sys.stdout.isatty() else None).print(table)


def _written(value: float | None) -> str:
    if value is None:
        return "-"
    return str(value) if isinstance(value, int) else f"{value:.1f}" if value >= 2 else f"{value:.3f}"


if __name__ == "__main__":
    main()
