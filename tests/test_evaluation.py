"""The evaluation harness on a set of three questions: what counts as right, and the figures that come of it."""

import json
from pathlib import Path

import pytest

from tests.assistants import BRIDGE, SmallAssistant
from tests.evaluation.asking import ask_all, fill, follow_all
from tests.evaluation.curves import draw, risk_coverage
from tests.evaluation.far_off import far_off
from tests.evaluation.figures import of_questions, of_turns
from tests.evaluation.scoring import auroc, calibration_error, carries, exact, f1, gold_sentence, holds, within
from tests.evaluation.sets import EvaluationSet, read_set


def test_words_are_compared_without_case_marks_and_articles() -> None:
    assert exact("The Vale Bridge.", ["vale bridge"])
    assert not exact("Vale", ["vale bridge"])
    assert f1("on 3 May", ["3 May 2024", "June"]) == pytest.approx(2 / 3)
    assert f1("", ["3 May"]) == 0
    assert within("an old mayor", "The old mayor said so.")
    assert not within("may", "The mayor said so.")


def test_a_citation_carries_the_sentence_and_not_much_more() -> None:
    sentence = gold_sentence(BRIDGE, BRIDGE.index("nine years"))
    assert sentence == '"It took nine years," Mayor Ida Holm said.'
    assert holds(BRIDGE, sentence)
    assert carries(sentence, sentence, ["nine years"])
    assert carries("It took nine years", sentence, ["nine years"])
    assert not carries("Mayor Ida Holm", sentence, ["nine years"])
    assert not carries(BRIDGE * 3, sentence, ["nine years"])


def test_probabilities_are_judged() -> None:
    assert auroc([0.9, 0.5], [0.5, 0.1]) == 0.875
    assert auroc([], [0.5]) is None
    assert calibration_error([(0.75, True), (0.75, False), (0.05, False)]) == pytest.approx((0.5 + 0.05) / 3)


@pytest.fixture
def small(tmp_path: Path) -> EvaluationSet:
    paragraph = {"id": "bridge-p0", "text": BRIDGE}
    rows = [
        {"id": "1", "question": "Who said it took nine years?", "answers": ["Ida Holm"], "start": "Ida Holm"},
        {"id": "2", "question": "When did the Vale bridge open?", "answers": ["3 May"], "start": "3 May"},
        {"id": "3", "question": "Who painted the Mona Lisa?", "answers": [], "start": ""},
    ]
    questions = [
        {k: v for k, v in row.items() if k != "start"}
        | {"article_id": "bridge", "answerable": bool(row["start"])}
        | ({"paragraph_id": "bridge-p0", "answer_start": BRIDGE.index(row["start"])} if row["start"] else {})
        for row in rows
    ]
    articles = [
        {"id": "bridge", "title": "Bridge opens", "text": BRIDGE, "paragraphs": [paragraph]},
        {"id": "kelp", "title": "Kelp returns", "text": "Kelp covers the bay. Cod came back with it."},
    ]
    for name, content in (("articles", articles), ("questions", questions)):
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in content))
    return read_set(tmp_path)


def test_a_set_is_asked_and_measured(small: EvaluationSet, tmp_path: Path) -> None:
    assistant = SmallAssistant(tmp_path / "library")
    fill(assistant, [small])  # type: ignore[arg-type]
    asked = list(ask_all(assistant, small, 0.5, removed=True))  # type: ignore[arg-type]
    assert [each.right for each in asked] == [True, True, False]
    assert [each.kind for each in asked] == ["wrong words", "wrong words", ""]  # it marks none
    figures = of_questions(asked)
    assert figures["search recall@1"] == 1
    assert figures["right sentence first"] == 1
    assert figures["unanswerable: refused"] == 1
    assert figures["wrong among shown, reference mix"] == 0
    assert figures["AUROC, article left out"] == 1
    draw({"small": asked}, tmp_path / "curves.png", 0.1)
    assert (tmp_path / "curves.png").read_bytes().startswith(b"\x89PNG")
    assert risk_coverage(asked[:2])[-1] == (1, 0)
    assistant.store.close()


def test_turns_are_asked_and_measured(tmp_path: Path) -> None:
    turn = {
        "question": "How long?",
        "history": ["When did the Vale bridge open?"],
        "rewrite": "How long is the bridge?",
    }
    (tmp_path / "turns.jsonl").write_text(json.dumps(turn))
    assistant = SmallAssistant(tmp_path / "library")
    figures = of_turns(list(follow_all(assistant, read_set(tmp_path))))  # type: ignore[arg-type]
    assert figures["turns"] == 1
    assert figures["words of the rewrite recovered"] == 0  # it follows nothing
    assistant.store.close()


def test_no_set_says_so(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="give the folder of a set"):
        read_set(tmp_path)


def test_far_off_questions_are_many_and_distinct() -> None:
    assert len(set(far_off())) == len(far_off()) >= 150
