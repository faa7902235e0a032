"""Settings: what beats what, what is refused, and with which sentence."""

import logging
from pathlib import Path

import pytest

from assistant.settings import Settings
from vectorstore import InvalidInput
from vectorstore.settings import KNOWN, LibrarySettings


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in KNOWN:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def refused(flags: dict[str, object] | None = None) -> str:
    with pytest.raises(InvalidInput) as caught:
        Settings.read(flags or {})
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_the_defaults_are_the_contracts() -> None:
    settings = Settings.read({})
    assert (settings.library, settings.host, settings.port) == (Path("library"), "127.0.0.1", 7860)
    assert (settings.api_keys, settings.models, settings.promise) == ((), ("extractive",), 0.1)
    assert (settings.embedding_model, settings.log_level) == ("all-MiniLM-L6-v2", "info")


def test_a_flag_beats_the_environment_which_beats_dotenv_which_beats_the_default(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Path(".env").write_text("FOOTNOTE_PORT=1\nFOOTNOTE_PROMISE=0.3\nFOOTNOTE_LIBRARY=from-file\nOTHER=x\n")
    monkeypatch.setenv("FOOTNOTE_PORT", "2")
    monkeypatch.setenv("FOOTNOTE_LIBRARY", "from-environment")
    settings = Settings.read({"port": "3", "library": None, "question": "not a setting"})
    assert (settings.port, settings.library, settings.promise) == (3, Path("from-environment"), 0.3)


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_API_KEY", "")
    monkeypatch.setenv("FOOTNOTE_PORT", "")
    assert Settings.read({}).port == 7860


def test_ingest_reads_the_same_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_LIBRARY", "~/shelf")
    monkeypatch.setenv("FOOTNOTE_LOG_LEVEL", "DEBUG")
    monkeypatch.setenv("FOOTNOTE_PORT", "not looked at")
    settings = LibrarySettings.read({"embedding_model": "some/model"})
    assert settings.library == Path.home() / "shelf"
    assert (settings.embedding_model, settings.log_level) == ("some/model", "debug")


def test_an_unknown_variable_is_warned_about_by_name(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    Path(".env").write_text("FOOTNOTE_PROMIS=0.3\n")
    monkeypatch.setenv("FOOTNOTE_LIBARY", "x")
    monkeypatch.setenv("FOOTNOTE_MODEL_URL", "http://127.0.0.1:1")  # of the contract, so known
    with caplog.at_level(logging.WARNING):
        LibrarySettings.read({})
    assert caplog.messages == [
        "FOOTNOTE_LIBARY is not a setting of Footnote; the closest one is FOOTNOTE_LIBRARY.",
        "FOOTNOTE_PROMIS is not a setting of Footnote; the closest one is FOOTNOTE_PROMISE.",
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [("port", "abc"), ("port", "70000"), ("promise", "2"), ("promise", "nan"), ("log_level", "loud"), ("host", " ")],
)
def test_a_bad_value_is_told_with_its_setting(name: str, value: str) -> None:
    sentence = refused({name: value})
    assert f"FOOTNOTE_{name.upper()}" in sentence
    assert f"--{name.replace('_', '-')}" in sentence
    assert repr(value.lower()) in sentence


def test_models_are_named_by_their_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    names = "openai:gpt-5-mini, extractive, ollama:llama3.2:3b,gguf:~/a model.gguf, extractive"
    assert Settings.read({"model": names}).models == (
        "openai:gpt-5-mini", "extractive", "ollama:llama3.2:3b", "gguf:~/a model.gguf",
    )  # fmt: skip
    for wrong in ("gpt-5", "extractive,gpt-5", ":x", "openai:", " , "):
        assert "provider:name" in refused({"model": wrong})


def test_the_address_of_a_model_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_MODEL_URL", "http://127.0.0.1:8080/v1")
    assert Settings.read({"model": "openai:local"}).model_url == "http://127.0.0.1:8080/v1"
    assert "openai:NAME" in refused()
    monkeypatch.setenv("FOOTNOTE_MODEL_URL", "127.0.0.1:8080")
    assert refused({"model": "openai:local"}).startswith("FOOTNOTE_MODEL_URL cannot be '127.0.0.1:8080'")


def test_origins_are_whole() -> None:
    assert Settings.read({"allow_origins": "https://Desk.example, http://x:3000"}).origins == (
        "https://desk.example",
        "http://x:3000",
    )
    for origins in ("*", "desk.example", "https://desk.example/", "https://desk.example, *"):
        assert refused({"allow_origins": origins}).startswith("FOOTNOTE_ALLOW_ORIGINS cannot be")  # it has no flag


def test_listening_beyond_loopback_needs_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    for host in ("0.0.0.0", "::", "192.168.1.5", "example.org"):
        assert "FOOTNOTE_API_KEY" in refused({"host": host})
    for host in ("127.0.0.1", "127.0.0.9", "localhost", "::1", "[::1]"):
        assert Settings.read({"host": host}).loopback
    monkeypatch.setenv("FOOTNOTE_API_KEY", "one, two")
    assert Settings.read({"host": "0.0.0.0"}).api_keys == ("one", "two")


def test_no_message_and_no_repr_shows_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_API_KEY", "geheim schlüssel")
    assert "geheim" not in refused()
    monkeypatch.setenv("FOOTNOTE_API_KEY", " , ")
    assert "holds no key" in refused()
    monkeypatch.setenv("FOOTNOTE_API_KEY", "geheim")
    assert "geheim" not in repr(Settings.read({}))


def test_a_dotenv_that_is_not_text_is_told() -> None:
    Path(".env").write_bytes(b"FOOTNOTE_PORT=\xff\xfe\n")
    assert ".env" in refused()
