"""Text flows up, imports point down; one module per outside library; nothing heavy before it is needed."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BELOW = {"vectorstore": [], "ingest": ["vectorstore"], "assistant": ["vectorstore", "ingest"]}
ONE_MODULE = {
    "chromadb": "vectorstore/dense.py",
    "tantivy": "vectorstore/lexical.py",
    "filelock": "vectorstore/lock.py",
    "sentence_transformers": "vectorstore/embedder.py",
    "gradio": "assistant/page/web.py",
    "mcp": "assistant/doors/mcp.py",
    "prometheus_client": "assistant/metrics.py",
    "trafilatura": "ingest/formats/page.py",
    "pypdfium2": "ingest/formats/pdf.py",
    "mammoth": "ingest/formats/office.py",
    "feedparser": "ingest/feeds.py",
    "protego": "ingest/robots.py",
    "ftfy": "ingest/characters.py",
    "charset_normalizer": "ingest/formats/guess.py",
    "sentencex": "ingest/sentences.py",
}


def modules(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def tops(path: Path) -> set[str]:
    return {name.split(".")[0] for name in imported(path)}


@pytest.mark.parametrize("package", BELOW)
def test_no_arrow_points_up(package: str) -> None:
    for path in modules(package):
        for name in imported(path):
            top = name.split(".")[0]
            assert top not in BELOW or top in (package, *BELOW[package]), f"{path.relative_to(ROOT)} imports {name}"


# The assistant's rooms, from the ground up; what lies beside them puts them together.
ROOMS = ("verifying", "question", "reading", "generating", "keeping", "doors", "page")


@pytest.mark.parametrize("room", ROOMS)
def test_no_arrow_between_rooms_points_up(room: str) -> None:
    above = ROOMS[ROOMS.index(room) + 1 :]
    for path in sorted((ROOT / "assistant" / room).rglob("*.py")):
        for name in imported(path):
            package, *rest = name.split(".")
            assert package != "assistant" or not rest or rest[0] not in above, (
                f"{path.relative_to(ROOT)} imports {name}"
            )


@pytest.mark.parametrize(("library", "home"), ONE_MODULE.items())
def test_one_module_knows_each_outside_library(library: str, home: str) -> None:
    users = {str(path.relative_to(ROOT)) for package in BELOW for path in modules(package) if library in tops(path)}
    assert users == {home}


def test_sql_is_spoken_where_tables_are_kept() -> None:
    users = {
        str(path.relative_to(ROOT)) for package in BELOW for path in modules(package) if "sqlalchemy" in tops(path)
    }
    assert users == {
        "vectorstore/database.py",
        "vectorstore/catalog.py",
        "vectorstore/copies.py",
        "vectorstore/tables.py",
        "assistant/keeping/tables.py",
        "assistant/keeping/conversations.py",
    }


def test_only_the_settings_read_the_environment() -> None:
    readers = {
        path.name
        for package in BELOW
        for path in modules(package)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv")
    }
    assert readers <= {"web.py"}  # Gradio's analytics can only be turned off there before it is imported


@pytest.mark.parametrize("package", BELOW)
def test_importing_a_package_pulls_in_nothing_heavy(package: str) -> None:
    heavy = (
        "{'torch', 'gradio', 'transformers', 'sentence_transformers', 'trafilatura', 'lxml', 'mammoth', 'pypdfium2'}"
    )
    program = f"import sys, {package}; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"
