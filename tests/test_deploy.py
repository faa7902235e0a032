"""The container's recipe against the tree: what it copies is there, what it starts can be started, as no root."""

import json
import re
from pathlib import Path

from assistant.__main__ import _parser
from assistant.doors import api, places, rates
from assistant.page import web
from assistant.serving import GRACE_SECONDS, GRACE_SECONDS_WITH_PAGE
from vectorstore.settings import KNOWN

ROOT = Path(__file__).parents[1]
RECIPE = (ROOT / "deploy" / "Dockerfile").read_text()
PAGE = (ROOT / "deploy" / "README.md").read_text()


def test_everything_it_copies_is_there_and_not_ignored() -> None:
    copied = [name for line in re.findall(r"^COPY --chown=footnote (.*) \S+$", RECIPE, re.M) for name in line.split()]
    kept = re.findall(r"^!(.*)$", (ROOT / "deploy" / "Dockerfile.dockerignore").read_text(), re.M)
    assert set(copied) == set(kept)
    assert all((ROOT / name).exists() for name in copied)


def test_it_sets_up_as_make_does_and_runs_as_nobody_special() -> None:
    assert re.search(r"^RUN .*make setup$", RECIPE, re.M)
    assert RECIPE.index("USER footnote") < RECIPE.rindex("make setup")
    program, *arguments = json.loads(re.findall(r"^ENTRYPOINT (.*)$", RECIPE, re.M)[0])
    assert (program, arguments) == (".venv/bin/python", ["-m", "assistant"])
    assert _parser().parse_args(["--headless"]).command is None


def test_its_settings_and_figures_are_the_codes() -> None:
    assert set(re.findall(r"FOOTNOTE_[A-Z_]+", RECIPE + PAGE)) <= set(KNOWN)
    assert f"{rates.A_MINUTE} a minute" in PAGE
    assert f"{places.AT_ONCE} / {places.WAITING} / {places.OF_ONE_CLIENT};" in PAGE
    assert f"on the page | {web.AT_ONCE}, " in PAGE
    assert f"added at once | {api.ADDING_AT_ONCE};" in PAGE
    assert f"{GRACE_SECONDS} seconds with `--headless` and {GRACE_SECONDS_WITH_PAGE} where" in PAGE
