"""Chat models from their settings: `provider:name` through LangChain, or `gguf:PATH` in this process.

Only what the settings name can be asked for. What goes wrong with a model becomes one sentence that says what to do;
the provider's own words, which may hold a part of a key, go to the log alone. Knows no articles.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from langchain_core.language_models import BaseChatModel

from assistant.settings import EXTRACTIVE, public_name
from vectorstore import InvalidInput

GGUF = "gguf"
OPENAI = "openai"
CONNECT_TRIES = 2  # beside the first, by the provider's own client, before a token has come
READ_SECONDS = 25.0  # without a byte
ROOM = 3000  # word pieces of paragraphs in a prompt: what any model of today has room for
CONTEXT = 8192  # tokens that Ollama is asked to keep: of its own accord it keeps 2,048 or 4,096 and cuts the rest off
# The extras of pyproject.toml, by provider.
EXTRAS = {"openai": "openai", "anthropic": "anthropic", "ollama": "ollama", GGUF: GGUF}
KEYS = {"openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY"}

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Writer:
    """A configured chat model under its public name. `room` is how many word pieces of paragraphs fit its context."""

    name: str
    chat: BaseChatModel
    room: int = ROOM


def load_writers(names: Iterable[str], url: str | None = None) -> tuple[Writer, ...]:
    """The chat models among `names`. `url` is the base address of an OpenAI-compatible server.

    Raises:
        InvalidInput: one of them cannot be used; the sentence says what is missing.
    """
    return tuple(_writer(name, url) for name in names if name != EXTRACTIVE)


def _writer(name: str, url: str | None) -> Writer:
    provider, _, model = name.partition(":")
    try:
        chat = _gguf(name, model) if provider == GGUF else _hosted(provider, model, url)
    except ImportError as error:
        raise _cannot(name, _install(provider)) from error
    except InvalidInput:
        raise
    # Providers' packages raise what they like when a key is missing or a name is wrong.
    except Exception as error:
        log.debug("%s could not be set up: %s", name, type(error).__name__)
        raise _cannot(name, _unusable(provider)) from error
    profile: Any = getattr(chat, "profile", None) or {}
    most = int(profile.get("max_input_tokens") or 2 * ROOM)
    return Writer(public_name(name), chat, min(ROOM, most // 2))


def _gguf(name: str, path: str) -> BaseChatModel:
    if not Path(path).expanduser().is_file():
        raise _cannot(name, f"there is no file {path}")
    from assistant.generating.gguf import GgufChat

    return GgufChat(path)


def _hosted(provider: str, model: str, url: str | None) -> BaseChatModel:
    from langchain.chat_models import init_chat_model

    options: dict[str, Any] = {}
    if provider in ("openai", "anthropic"):
        options |= {"timeout": READ_SECONDS, "max_retries": CONNECT_TRIES}
    if provider == OPENAI and url:
        # A server of one's own mostly wants no key; the client wants one.
        options |= {"base_url": url, "temperature": 0, "use_responses_api": False} | _no_key()
    if provider == "ollama":
        options |= {"temperature": 0, "num_ctx": CONTEXT, "client_kwargs": {"timeout": READ_SECONDS}}
    chat: BaseChatModel = init_chat_model(model, model_provider=provider, **options)
    return chat


def _no_key() -> dict[str, str]:
    from langchain_core.utils import get_from_env

    return {} if get_from_env("key", KEYS[OPENAI], default="") else {"api_key": "none"}


def _install(provider: str) -> str:
    if provider in EXTRAS:
        return f"its package is missing: run `.venv/bin/pip install '.[{EXTRAS[provider]}]'` in Footnote's folder"
    return f"its package is missing: run `.venv/bin/pip install langchain-{provider.replace('_', '-')}`"


def _unusable(provider: str) -> str:
    if provider in KEYS:
        return f"it needs a key: set {KEYS[provider]}"
    if provider == GGUF:
        return "the file is no GGUF model that this machine can load"
    return "LangChain knows no such model or a key is missing: see init_chat_model in LangChain's documentation"


def _cannot(name: str, reason: str) -> InvalidInput:
    return InvalidInput(f"FOOTNOTE_MODEL: {name} cannot answer, {reason}.", param="model")


def trouble(error: Exception, name: str) -> str:
    """What went wrong when a model was asked, as the beginning of a sentence a person can act on."""
    status = getattr(error, "status_code", None) or getattr(getattr(error, "response", None), "status_code", None)
    kind = type(error).__name__.lower()
    if status in (401, 403):
        return f"The model {name} did not accept the key (check the provider's API key)"
    if status == 404:
        return f"The server knows no model {name} (check its name in FOOTNOTE_MODEL)"
    if status == 429:
        return f"The model {name} is asked too much just now (try again in a minute)"
    if isinstance(status, int) and status >= 500:
        return f"The model {name} failed on its server (status {status})"
    if isinstance(status, int) and status >= 400:
        return f"The model {name} did not accept the question (status {status}; the log says more)"
    if "timeout" in kind:
        return f"The model {name} did not answer in time"
    if "connect" in kind or isinstance(error, OSError):
        return f"The model {name} cannot be reached (check that its server runs, and FOOTNOTE_MODEL_URL)"
    return f"The model {name} broke off (the log says more)"
