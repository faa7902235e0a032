"""Two pictures of confidence: what refusing costs, and whether it means what it says. The one user of matplotlib."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.evaluation.asking import Asked
from tests.evaluation.figures import LEFT_OUT
from tests.evaluation.scoring import calibration_bins


def draw(results: Mapping[str, Sequence[Asked]], target: Path, promise: float) -> None:
    """Writes the risk-coverage and the calibration curve of each set to `target`."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(11, 4.6), layout="constrained")
    risk, calibration = figure.subplots(1, 2)
    for name, asked in results.items():
        placed = [each for each in asked if each.question.answerable and each.question.wanted]
        if not placed:
            continue
        risk.plot(*zip(*risk_coverage(placed), strict=True), label=name)
        bins = calibration_bins([(each.answer.confidence, each.best_right) for each in placed])
        calibration.plot([each[0] for each in bins], [each[1] for each in bins], marker="o", label=name)
    risk.axhline(promise, linestyle="--", color="grey", linewidth=1)
    risk.set(
        xlabel="share of the answerable that is shown", ylabel="wrong among the shown", xlim=(0, 1), ylim=(0, None)
    )
    risk.set_title("Risk and coverage, a fifth with the article left out")
    calibration.plot([0, 1], [0, 1], linestyle="--", color="grey", linewidth=1)
    calibration.set(xlabel="confidence", ylabel="share right", xlim=(0, 1), ylim=(0, 1))
    calibration.set_title("Calibration")
    for axes in (risk, calibration):
        if axes.get_legend_handles_labels()[0]:
            axes.legend(loc="upper left")
        axes.grid(alpha=0.3)
    figure.savefig(target, dpi=120)


def risk_coverage(placed: Sequence[Asked]) -> list[tuple[float, float]]:
    """For each threshold: the share of the answerable that is shown at it, and the share of the shown that is wrong.

    Where questions were asked again without their article, those count a quarter each, and are wrong when shown.
    """
    weighed = [(each.answer.confidence, 1.0, 0.0 if each.best_right else 1.0) for each in placed]
    weighed += [(each.without.confidence, LEFT_OUT, LEFT_OUT) for each in placed if each.without]
    answerable = sorted((each.answer.confidence for each in placed), reverse=True)
    curve, shown, wrong, at = [], 0.0, 0.0, 0
    weighed.sort(key=lambda row: -row[0])
    for count, threshold in enumerate(answerable, 1):
        while at < len(weighed) and weighed[at][0] >= threshold:
            shown, wrong, at = shown + weighed[at][1], wrong + weighed[at][2], at + 1
        curve.append((count / len(placed), wrong / shown))
    return curve
