"""`python -m ingest` as a person uses it: what it says, what it stores, how it exits."""

import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx
import pytest

from ingest.__main__ import SAMPLES, main
from ingest.intake import Intake
from ingest.library import ServedLibrary
from ingest.report import Report
from ingest.sources import Sources
from vectorstore import Owner

ROOT = Path(__file__).parents[1]
BRIDGE = "Bridge opens to traffic\n\nThe Vale bridge opened on 3 May, the mayor of Northmere said on Friday morning.\n"
FERRY = "# Ferry stops\n\nThe last ferry crossed on Thursday night with two hundred and twelve people on board.\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    articles = tmp_path / "articles"
    (articles / "deep").mkdir(parents=True)
    (articles / "bridge.txt").write_text(BRIDGE)
    (articles / "deep" / "ferry.md").write_text(FERRY)
    (articles / "photo.jpg").write_bytes(b"\xff\xd8")
    return articles


def said(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out.strip()


def test_a_folder_goes_in_and_the_second_time_nothing_changes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(folder)]) == 0
    assert said(capsys) == "2 added, 0 updated, 0 unchanged, 0 skipped (1 files of other kinds ignored)"
    assert main([str(folder)]) == 0
    assert said(capsys).startswith("0 added, 0 updated, 2 unchanged, 0 skipped")


def test_an_edit_is_an_update_and_is_listed_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main([str(folder)])
    (folder / "bridge.txt").write_text(BRIDGE.replace("3 May", "4 May"))
    main([str(folder)])
    assert "1 updated, 1 unchanged" in said(capsys)
    main(["--list"])
    assert sorted(line.split("\t")[1] for line in said(capsys).splitlines()) == [
        "Bridge opens to traffic",
        "Ferry stops",
    ]


def test_the_list_tells_which_articles_are_copies(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "more").mkdir()
    (folder / "more" / "again.txt").write_text(BRIDGE)
    main([str(folder)])
    capsys.readouterr()
    main(["--list"])
    lines = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    (copy,) = (line for line in lines if line[4])
    (original,) = (line for line in lines if line[1] == copy[1] and not line[4])
    assert copy[4] == f"the same text as {original[0]}"


def test_what_cannot_be_read_is_skipped_with_its_reason(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "empty.txt").write_text("")
    assert main([str(folder), "nowhere.txt"]) == 1
    out, err = capsys.readouterr()
    assert "2 added, 0 updated, 0 unchanged, 2 skipped" in out
    assert "empty.txt: it is empty." in err
    assert "nowhere.txt: there is no such file or folder." in err


def test_a_name_of_any_bytes_goes_in(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "two\nlines\udcff.txt").write_text(BRIDGE.replace("Vale", "Moor"))
    (folder / "bad\nname.pdf").write_bytes(b"no PDF")
    assert main([str(folder)]) == 1
    out, err = capsys.readouterr()
    assert "3 added" in out
    assert len(err.strip().splitlines()) == 1
    assert main([str(folder)]) == 1
    assert "3 unchanged" in said(capsys)


def test_remove_and_rebuild(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main([str(folder), "--list"])
    article_id = next(line.split("\t")[0] for line in said(capsys).splitlines() if "Ferry" in line)
    assert main(["--remove", article_id]) == 0
    assert main(["--remove", article_id]) == 1
    assert main(["--rebuild"]) == 0
    assert said(capsys).endswith("1 article indexed anew")


def test_samples_step_aside_for_ones_own(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["--samples"])
    assert said(capsys).startswith(f"{len(list(SAMPLES.iterdir()))} added")
    main(["--samples"])
    assert said(capsys) == ""
    main([str(folder), "--list"])
    out, err = capsys.readouterr()
    assert "sample articles step aside" in err
    assert len(out.strip().splitlines()) == 1 + 2


def test_samples_stay_where_nothing_could_be_read(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["--samples"])
    assert main(["articels"]) == 1
    assert len(titles(capsys)) == len(list(SAMPLES.iterdir()))


def test_verbose_lists_what_was_dropped(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "bridge.txt").write_text(f"Back To Top\n\n{BRIDGE}")
    main([str(folder), "--verbose"])
    assert "bridge.txt: Back To Top" in capsys.readouterr().err


def test_every_article_of_a_file_that_holds_several_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = folder / "rows.jsonl"
    rows.write_text('{"title": "Kelp", "text": "Kelp covers the bay."}\n{"title": "Ice", "text": "Ice is late."}\n3\n')
    assert main([str(folder)]) == 1
    told = capsys.readouterr().err.splitlines()
    assert told[0].endswith("rows.jsonl:3: it is no article: an object with `title` and `text`.")
    assert told[1:] == [f"added {rows} (1): Kelp", f"added {rows} (2): Ice"]
    rows.write_text(rows.read_text().replace("is late", "was late"))
    main([str(folder)])
    assert capsys.readouterr().err.splitlines()[1:] == [f"unchanged {rows} (1): Kelp", f"updated {rows} (2): Ice"]
    rows.write_text("".join(f'{{"title": "Row {at}", "text": "It is row {at}."}}\n' for at in range(30)))
    main([str(folder)])
    assert capsys.readouterr().err.strip() == f"{rows}: 28 added, 2 updated (--verbose lists each)"
    main([str(folder), "--verbose"])
    assert f"unchanged {rows} (30): Row 29" in capsys.readouterr().err


def test_what_is_no_address_and_no_folder_to_watch_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["http://[x"]) == 1
    assert "skipped http://[x is not fetched: it names no host." in capsys.readouterr().err
    assert main(["articels", "--watch"]) == 1
    assert "cannot be watched" in capsys.readouterr().err


def test_wrong_usage_is_2(folder: Path) -> None:
    assert main([]) == 2
    assert main([str(folder), "--log-level", "loud"]) == 2


@pytest.fixture
def server(folder: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A real headless server that has the library open: its address and its process."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "assistant", "--headless", "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=folder.parent, env=environment)
    timer = threading.Timer(60, process.kill)
    timer.start()
    assert process.stdout is not None
    line = process.stdout.readline()
    yield next(word for word in line.split() if word.startswith("http://")), process
    timer.cancel()
    process.terminate()
    process.wait(20)
    process.stdout.close()


def test_with_a_server_running_the_work_is_handed_to_it(
    folder: Path, server: tuple[str, subprocess.Popen[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    url, process = server
    (folder / "bridge.txt").write_text(f"Back To Top\n\n{BRIDGE}")
    assert main([str(folder)]) == 0
    assert said(capsys).startswith("2 added")
    with httpx.Client(base_url=url, trust_env=False) as client:
        deadline = time.monotonic() + 20
        while client.get("/readyz").status_code == 503 and time.monotonic() < deadline:
            time.sleep(0.1)
        answer = client.post("/v1/ask", json={"question": "When did the Vale bridge open?"}).json()
    assert "3 May" in answer["answer"]
    assert main([str(folder)]) == 0
    assert "2 unchanged" in said(capsys)
    assert main(["--list"]) == 0
    assert len(said(capsys).splitlines()) == 2
    assert main(["--rebuild"]) == 1
    assert "stop that one first" in capsys.readouterr().err
    process.terminate()
    process.wait(20)
    assert main([str(folder)]) == 0  # and what was handed over is what is read here
    assert "2 unchanged" in said(capsys)


class Choosy(BaseHTTPRequestHandler):
    """A Footnote that has its library open, and does not take every article."""

    def do_GET(self) -> None:
        self._answer(200, {"articles": [], "next_cursor": None})

    def do_POST(self) -> None:
        told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if "Kelp" in told["text"]:
            self._answer(422, {"error": {"type": "invalid", "message": "Not about kelp.", "param": "text"}})
        else:
            self._answer(200, {"articles": [{**told, "version": "v1", "status": "added"}]})

    def _answer(self, status: int, body: object) -> None:
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_: object) -> None:
        pass


def test_an_article_that_the_server_refuses_does_not_keep_the_others_out(tmp_path: Path) -> None:
    exported(tmp_path / "a.json", (1, "Kelp covers the bay."), (2, "Ice is late."))
    exported(tmp_path / "b.json", (3, "Cod came back."))
    report, sources = Report(), Sources(tmp_path / "library")
    with HTTPServer(("127.0.0.1", 0), Choosy) as choosy:
        threading.Thread(target=choosy.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        with closing(ServedLibrary(Owner(1, f"http://127.0.0.1:{choosy.server_port}", None))) as library:
            files = [tmp_path / "a.json", tmp_path / "b.json"]
            Intake(library, sources, report).add(files, lambda: None)
        choosy.shutdown()
    assert report.skipped == [(f"{files[0]} (1)", "Not about kelp.")]
    assert report.statuses == {"added": 2}
    # What was refused is sent again the next time.
    assert [source.fingerprint is None for source in sources.all()] == [True, False]


def titles(capsys: pytest.CaptureFixture[str]) -> list[str]:
    capsys.readouterr()
    main(["--list"])
    return sorted(line.split("\t")[1] for line in said(capsys).splitlines())


def test_an_unchanged_file_is_not_read_again_but_one_taken_out_is(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main([str(folder)])
    article_id = next(line.split("\t")[0] for line in (main(["--list"]), said(capsys))[1].splitlines() if "Fer" in line)
    main(["--remove", article_id])
    main([str(folder)])
    assert said(capsys).startswith("1 added, 0 updated, 1 unchanged, 0 skipped")
    # What was read is noted with the code that read it, and a file of which a part was skipped is read again.
    (folder / "rows.jsonl").write_text('{"id": "r1", "title": "Kelp", "text": "Kelp covers the bay."}\nnot json\n')
    assert main([str(folder)]) == 1
    assert main([str(folder)]) == 1
    assert "rows.jsonl" in capsys.readouterr().err


def exported(path: Path, *rows: tuple[int, str]) -> None:
    path.write_text(json.dumps([{"id": number, "text": text} for number, text in rows]))


def test_files_that_number_their_articles_alike_keep_each_its_own(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kelp, ice, cod, eel = "Kelp covers the bay.", "Ice is late.", "Cod came back.", "Eels are few."
    exported(folder / "a.json", (1, kelp), (2, ice))
    exported(folder / "b.json", (1, cod))
    with zipfile.ZipFile(folder / "c.zip", "w") as file:
        for name, text in (("one.json", eel), ("two.json", f"{eel} So are rays.")):
            file.writestr(name, json.dumps({"id": 1, "text": text}))
    main([str(folder)])
    assert said(capsys).startswith("7 added, 0 updated, 0 unchanged, 0 skipped")
    main([str(folder)])
    assert said(capsys).startswith("0 added, 0 updated, 7 unchanged, 0 skipped")
    main([str(folder), "--verbose"])  # read again
    assert said(capsys).startswith("0 added, 0 updated, 7 unchanged, 0 skipped")
    exported(folder / "b.json", (1, f"{cod} They are small."))
    (folder / "a.json").rename(folder / "z.json")
    main([str(folder), "--prune"])
    told = said(capsys)
    assert told.startswith("0 added, 3 updated, 4 unchanged")  # the moved ones have their file's name for a title
    assert told.endswith("articles taken out: 0; files moved: 1, gone: 0")
    assert len(titles(capsys)) == 7


def test_a_row_that_moves_to_the_next_file_is_still_the_same_article(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exported(folder / "page-1.json", (2, "Kelp covers the bay."), (1, "Ice is late."))
    exported(folder / "page-2.json", (0, "Cod came back."))
    main([str(folder)])
    exported(folder / "page-1.json", (3, "Eels are few."), (2, "Kelp covers the bay."))
    exported(folder / "page-2.json", (1, "Ice is late."), (0, "Cod came back."))
    main([str(folder)])
    assert len(titles(capsys)) == 2 + 4
    for _ in range(2):
        main([str(folder)])
        assert said(capsys).startswith("0 added, 0 updated, 6 unchanged")


def test_prune_tells_a_moved_file_from_one_that_is_gone(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main([str(folder)])
    (folder / "bridge.txt").rename(folder / "span.txt")
    (folder / "deep" / "ferry.md").unlink()
    main([str(folder), "--prune"])
    out = said(capsys)
    assert "moved " in out
    assert "gone " in out
    assert out.endswith("articles taken out: 2; files moved: 1, gone: 1")
    assert titles(capsys) == ["Bridge opens to traffic"]
    main(["--prune"])
    assert said(capsys) == "articles taken out: 0; files moved: 0, gone: 0"


def test_a_backup_answers_like_the_library(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    main([str(folder)])
    assert main(["--backup", str(tmp_path / "copy")]) == 0
    assert main(["--backup", str(tmp_path / "copy")]) == 1
    assert "not an empty folder" in capsys.readouterr().err
    monkeypatch.setenv("FOOTNOTE_LIBRARY", str(tmp_path / "copy"))
    caplog.set_level(logging.INFO, "ingest")
    assert titles(capsys) == ["Bridge opens to traffic", "Ferry stops"]
    assert [record.getMessage() for record in caplog.records] == [
        f"making vectors anew: {done} of 2" for done in (0, 2)
    ]


def test_a_watched_folder_is_followed(folder: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "ingest", str(folder), "--watch"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    watcher = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert watcher.stdout is not None
        assert watcher.stdout.readline().startswith("2 added")
        (folder / "kelp.md").write_text("# Kelp returns\n\nKelp covers 640 hectares of the bay.\n")
        assert watcher.stdout.readline().startswith("1 added")
        (moved := tmp_path / "moved").mkdir()
        (moved / "eel.md").write_text("# Eels\n\nEels are few in the bay this year.\n")
        (folder / ".trash").mkdir()
        (folder / ".trash" / "old.md").write_text(FERRY)
        moved.rename(folder / "moved")
        assert watcher.stdout.readline().startswith("1 added, 0 updated, 0 unchanged, 0 skipped")
        (folder / "bridge.txt").unlink()
        assert watcher.stdout.readline().startswith("gone ")
        assert watcher.stdout.readline().startswith("articles taken out: 1")
        watcher.send_signal(signal.SIGINT)
        watcher.communicate(timeout=20)
        assert watcher.returncode == 0
    finally:
        watcher.kill()
        watcher.communicate()
