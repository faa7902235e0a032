"""Fits the two regressions of assistant/question/antecedent.py and writes assistant/weights/followup.json.

    python -m assistant.training.fit_followup --data DIR --out assistant/weights/followup.json

DIR holds canard_dev (conversations, with a person's stand-alone version of each question) and squad2_train (questions
that stand alone). What a reference means is learnt from the words that the person put in; whether a question without
names leans on the conversation, from those the person left as they were, and from reading questions put into
conversations that they have nothing to do with. Figures are cross-validated by dialogue.
"""

import argparse
import json
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import log_softmax
from sklearn.linear_model import LogisticRegression

from assistant.question import followup
from assistant.question.antecedent import REFERENCES, Talk, Weights, may_be, measures, needs
from assistant.question.mentions import Thing, mentions, words_of

RIDGE = 2.0
# "It" and "they" have few examples: their weights are drawn to what grammar says, that the subject of the question
# before is meant. 8 is as good as 2 on the held-out halves, and reads better in conversations with long answers.
GRAMMAR = {"in the last question": 1.0, "after an auxiliary": 1.0, "long ago": -1.0, "a name": 0.5}
PRIOR = {
    "person": {
        "who is asked for": 3.0,
        "with a title": 0.5,
        "speaks": 1.0,
    },  # encyclopedia talk has few who speak, news has many
    "thing": GRAMMAR | {"speaks": -1.5},
    "group": GRAMMAR,
}
DRAWN = {"thing": 8.0, "group": 8.0}
ROUNDS = 2  # what earlier references were taken to mean is among the measures, so weights are fitted over their own
FOREIGN = 2.0  # questions from elsewhere for each of a conversation's own that lean on it
MARGIN = 1.0  # log-odds, for what is not fitted: .95 of the second half's are kept by the first with it, .933 without
KEPT = 0.985  # of the questions that stand alone are to stay as they are
FIRST: Weights = {of: {"a name": 2.0, "long ago": -1.0, "often": 1.0} for of in REFERENCES} | {"leans": {"always": 1.0}}

Turn = dict[str, Any]
Matrix = NDArray[np.float64]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args(arguments)
    dialogues = read_dialogues(given.data / "canard_dev")
    elsewhere = [row["question"] for row in rows(given.data / "squad2_train" / "questions.jsonl")]
    random.Random(1).shuffle(elsewhere)  # noqa: S311 - order, not secrets
    halves = dialogues[::2], dialogues[1::2]
    figures = {}
    for name, fitted_on, asked in (("first half", halves[1], halves[0]), ("second half", halves[0], halves[1])):
        figures[name] = score(asked, fit(fitted_on, elsewhere))
        print(name, figures[name])
    weights = fit(dialogues, elsewhere)
    for name, of in weights.items():
        print(name, of)
    given.out.write_text(json.dumps({"figures": {"of each half by the other": figures}, "weights": weights}, indent=1))


def rows(path: Path) -> list[Turn]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def read_dialogues(folder: Path) -> list[list[Turn]]:
    """The turns of each conversation, in order."""
    by_id: dict[str, list[Turn]] = defaultdict(list)
    for turn in rows(folder / "turns.jsonl"):
        by_id[turn["dialog_id"]].append(turn)
    return [by_id[name] for name in sorted(by_id)]


def fit(dialogues: Sequence[list[Turn]], elsewhere: Sequence[str]) -> Weights:
    weights = FIRST
    for _ in range(ROUNDS):
        told = [pair for dialogue in dialogues for pair in talks(dialogue, weights)]
        weights = {of: fit_reference(of, told) for of in REFERENCES} | {"leans": fit_leaning(told, elsewhere)}
    return weights


def talks(dialogue: Sequence[Turn], weights: Weights) -> Iterator[tuple[Turn, Talk]]:
    """Each turn with what was said before it."""
    for turn in dialogue:
        roles = ("user", "assistant")
        history = [(roles[place % 2], text) for place, text in enumerate(turn["history"])]
        yield turn, followup.talk_of(history, weights)  # type: ignore[arg-type]


def fit_reference(of: str, told: Sequence[tuple[Turn, Talk]]) -> dict[str, float]:
    """A conditional logit: of the things that may be meant, those whose words the person put in."""
    names: list[str] = []
    cases = []
    for turn, talk in told:
        reference = referring(turn["question"], talk)
        if reference.partition(":")[0] != of:
            continue
        asked = words_of(turn["question"])
        open_to = [thing for thing in talk.things if may_be(thing, reference) and not thing.words <= asked]
        wanted = np.array([found_share(thing, turn) for thing in open_to])
        if not len(wanted) or wanted.max() <= 0:
            continue
        table = [measures(thing, talk, reference) for thing in open_to]
        names = list(table[0])
        cases.append((np.array([list(row.values()) for row in table]), wanted**2 / (wanted**2).sum()))
    if not cases:
        return {}

    prior = np.array([PRIOR.get(of, {}).get(name, 0.0) for name in names])
    ridge = DRAWN.get(of, RIDGE)

    def loss(weights: Matrix) -> tuple[float, Matrix]:
        apart = weights - prior
        total, slope = ridge * float(apart @ apart) / 2, ridge * apart
        for table, target in cases:
            logs = log_softmax(table @ weights)
            total -= float(target @ logs)
            slope = slope - table.T @ (target - np.exp(logs))
        return total, slope

    found = minimize(loss, prior, jac=True, method="L-BFGS-B").x
    return {name: round(float(value), 3) for name, value in zip(names, found, strict=True)}


def referring(question: str, talk: Talk) -> str:
    """The kind of reference in the question, as `followup` finds it; "topic" where it names nothing."""
    if not talk.things:
        return ""
    found = mentions(question)
    pronoun = followup.pronoun_in(question, found)
    if pronoun is not None:
        return followup.reference_of(pronoun)
    return "" if followup.names_something(found, words_of(question), talk) else "topic"


def found_share(thing: Thing, turn: Turn) -> float:
    """How many of the words that the person put in are the thing's, for each word of it."""
    added = plain(turn["rewrite"]) - plain(turn["question"])
    added |= {word.removesuffix("s") for word in added}
    words = plain(thing.text)
    hits = len(words & added)
    return hits * hits / max(1, len(words))


def fit_leaning(told: Sequence[tuple[Turn, Talk]], elsewhere: Sequence[str]) -> dict[str, float]:
    """A logistic regression, its threshold moved so that `KEPT` of what stands alone is kept."""
    own = [(turn, talk) for turn, talk in told if referring(turn["question"], talk) == "topic"]
    leans = [(needs(turn["question"], talk), plain(turn["rewrite"]) != plain(turn["question"])) for turn, talk in own]
    foreign: list[tuple[dict[str, float], bool]] = []
    for question, (_, talk) in zip(elsewhere, 50 * own, strict=False):
        if len(foreign) > FOREIGN * len(own):
            break
        if referring(question, talk) == "topic":
            foreign.append((needs(question, talk), False))
    every = leans + foreign
    names = list(every[0][0])
    table = np.array([list(row.values()) for row, _ in every])
    labels = np.array([label for _, label in every])
    standing = np.array([not label for _, label in leans] + [False] * len(foreign))
    weight = np.where(standing, 10.0, 1.0)
    model = LogisticRegression(C=0.5, fit_intercept=False, max_iter=2000).fit(table, labels, sample_weight=weight)
    found = model.coef_[0]
    said = table @ found
    threshold = max(np.quantile(said[standing], KEPT), np.quantile(said[~labels], KEPT)) + MARGIN
    found[names.index("always")] -= threshold
    return {name: round(float(value), 3) for name, value in zip(names, found, strict=True)}


def score(dialogues: Sequence[list[Turn]], weights: Weights) -> dict[str, float]:
    """Of the words that the person put in, the share that we do; of the questions left as they are, the same."""
    added = recovered = needless = standing = kept = 0
    for turn, talk in (pair for dialogue in dialogues for pair in talks(dialogue, weights)):
        ours = followup.resolved(turn["question"], talk, weights).text
        asked, person, found = plain(turn["question"]), plain(turn["rewrite"]), plain(ours)
        if asked == person:
            standing += 1
            kept += ours == turn["question"]
        else:
            added += len(person - asked)
            recovered += len((person - asked) & found)
            needless += len(found - asked - person)
    return {
        "words recovered": round(recovered / added, 3),
        "stand-alone kept": round(kept / standing, 3),
        "words of ours that the person did not put in, for each that the person did": round(needless / added, 3),
    }


def plain(text: str) -> set[str]:
    kept = "".join(letter for letter in text.lower() if letter.isalnum() or letter.isspace())
    return set(kept.split()) - {"a", "an", "the"}


if __name__ == "__main__":
    main()
