"""The figures of a set, from what came back. Knows answers that were asked for, nothing of how."""

from collections.abc import Iterable, Sequence
from statistics import mean

from tests.evaluation.asking import Asked, FollowedUp
from tests.evaluation.scoring import auroc, calibration_error, quantile

LEFT_OUT = 0.25  # weight of a question without its article: the reference mix is four as they are to one without
Figures = dict[str, float | None]


def of_questions(asked: Sequence[Asked]) -> Figures:
    answerable = [each for each in asked if each.question.answerable]
    placed = [each for each in answerable if each.question.wanted]
    without = [each for each in answerable if each.without]
    unanswerable = [each for each in asked if not each.question.answerable]
    sure = [each.answer.confidence for each in answerable]
    return {
        "questions": len(asked),
        "search recall@1": share(each.place == 1 for each in placed),
        "search recall@5": share(each.place is not None and each.place <= 5 for each in placed),
        "right sentence first": share(each.best_right for each in placed),
        "right sentence among the cited": share(each.any_right for each in placed),
        "the same, refusals counted wrong: first": share(each.right for each in placed),
        "the same, refusals counted wrong: cited": share(each.cited for each in placed),
        "sentences cited": _mean(len(each.answer.citations) for each in answerable),
        "gold words in the answer": share(each.inside for each in answerable),
        "short answer EM": share(each.exact for each in answerable),
        "short answer F1": _mean(each.f1 for each in answerable),
        "the same, refusals counted wrong: EM": share(each.shown and each.exact for each in answerable),
        "the same, refusals counted wrong: F1": _mean(each.shown * each.f1 for each in answerable),
        "answerable: shown": share(each.shown for each in answerable),
        "unanswerable: refused": share(not each.shown for each in unanswerable),
        "AUROC, unanswerable": auroc(sure, [each.answer.confidence for each in unanswerable]),
        "AUROC, article left out": auroc(
            [each.answer.confidence for each in without], [each.without.confidence for each in without if each.without]
        ),
        "wrong among shown, as they are": _ratio(*_shown_and_wrong(placed)),
        "wrong among shown, reference mix": _wrong_of_mix(placed) if without else None,
        "calibration error": calibration_error([(each.answer.confidence, each.right) for each in placed]),
        "ms, p50": quantile([each.milliseconds for each in asked], 0.5),
        "ms, p95": quantile([each.milliseconds for each in asked], 0.95),
    }


def of_turns(turns: Sequence[FollowedUp]) -> Figures:
    scored = [turn for turn in turns if turn.found is not None]
    rewritten = [turn for turn in turns if turn.rewrite and not turn.stands_alone]
    standing = [turn for turn in turns if turn.stands_alone]
    return {
        "turns": len(turns),
        "recall@5, bare question": share(turn.found_bare for turn in scored),
        "recall@5, stand-alone question": share(turn.found for turn in scored),
        "words of the rewrite recovered": _ratio(
            sum(len(turn.added) for turn in rewritten), sum(len(turn.recovered) for turn in rewritten)
        ),
        "stand-alone kept as they are": share(turn.searched_for.strip() == turn.question.strip() for turn in standing),
    }


def _wrong_of_mix(placed: Sequence[Asked]) -> float | None:
    shown, wrong = _shown_and_wrong(placed)
    unfounded = LEFT_OUT * sum(each.shown_without for each in placed)
    return _ratio(shown + unfounded, wrong + unfounded)


def _shown_and_wrong(placed: Sequence[Asked]) -> tuple[int, int]:
    shown = [each for each in placed if each.shown]
    return len(shown), sum(not each.right for each in shown)


def share(truths: Iterable[bool | None]) -> float | None:
    return _mean(float(bool(truth)) for truth in truths)


def _mean(values: Iterable[float]) -> float | None:
    held = list(values)
    return mean(held) if held else None


def _ratio(of: float, part: float) -> float | None:
    return part / of if of else None
