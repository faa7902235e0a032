"""The settings of the library, read once by an entry point: a flag beats the environment, `.env`, the default.

`python -m ingest` reads `LibrarySettings`; the assistant's settings extend it. No other module looks at the
environment. What is read is handed down as plain values: nothing below an entry point knows this module.
"""

import difflib
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import ValidationError, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, DotEnvSettingsSource, EnvSettingsSource, SettingsConfigDict

from vectorstore.embedder import PACKAGED
from vectorstore.errors import InvalidInput

PREFIX = "FOOTNOTE_"
# Every setting of the contract, whichever entry point reads it: what is not here is warned about.
KNOWN = (
    "FOOTNOTE_LIBRARY",
    "FOOTNOTE_HOST",
    "FOOTNOTE_PORT",
    "FOOTNOTE_API_KEY",
    "FOOTNOTE_MODEL",
    "FOOTNOTE_MODEL_URL",
    "FOOTNOTE_EMBEDDING_MODEL",
    "FOOTNOTE_PROMISE",
    "FOOTNOTE_ALLOW_HOSTS",
    "FOOTNOTE_ALLOW_ORIGINS",
    "FOOTNOTE_LOG_LEVEL",
)
SECRET = ("api_key",)  # values that no message repeats
# A key on the command line would show in the list of processes.
WITHOUT_FLAG = ("api_key", "allow_hosts", "allow_origins", "model_url")

log = logging.getLogger(__name__)


class LibrarySettings(BaseSettings):
    """Where the library is, what embeds it, and how much is logged."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
    )

    library: Path = Path("library")
    embedding_model: str = PACKAGED
    allow_hosts: str = ""  # names and networks that may be fetched from although they are not public
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @field_validator("library")
    @classmethod
    def _expand(cls, value: Path) -> Path:
        return value.expanduser()  # no shell expands ~ in the environment or in .env

    @field_validator("log_level", mode="before")
    @classmethod
    def _lower(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @classmethod
    def read(cls, flags: Mapping[str, object]) -> Self:
        """Reads every source once. `flags` may hold other arguments too, and None for a flag that was not given.

        Raises:
            InvalidInput: a value that cannot be; the sentence names the setting and the value.
        """
        given: dict[str, Any] = {
            name: value for name, value in flags.items() if name in cls.model_fields and value is not None
        }
        try:
            settings = cls(**given)
            unknown = cls._unknown()
        except ValidationError as error:
            raise InvalidInput(_sentence(error.errors()[0])) from error
        except (UnicodeDecodeError, OSError) as error:
            raise InvalidInput(f"The file .env cannot be read: {error}.") from error
        for name in unknown:
            nearest = difflib.get_close_matches(name, KNOWN, n=1, cutoff=0.0)[0]
            log.warning("%s is not a setting of Footnote; the closest one is %s.", name, nearest)
        return settings

    @classmethod
    def _unknown(cls) -> list[str]:
        sources = (EnvSettingsSource(cls), DotEnvSettingsSource(cls))
        names = {name.upper() for source in sources for name in source.env_vars}
        return sorted(name for name in names if name.startswith(PREFIX) and name not in KNOWN)


def start_logging(level: str) -> None:
    """Our packages log at `level`, everybody else's only warnings: their `info` is not about Footnote."""
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s", level=logging.WARNING)
    for package in ("vectorstore", "ingest", "assistant"):
        logging.getLogger(package).setLevel(level.upper())


def _sentence(error: ErrorDetails) -> str:
    # Our own checks raise ValueError with the reason in words; pydantic's own read "Input should be ...".
    reason = str(error["ctx"]["error"]) if error["type"] == "value_error" else error["msg"]
    if not error["loc"]:
        return reason
    name = str(error["loc"][0])
    label = PREFIX + name.upper()
    if name not in WITHOUT_FLAG:
        label += f" (flag --{name.replace('_', '-')})"
    value = "" if name in SECRET else f" cannot be {error['input']!r}"
    return f"{label}{value}: {reason[0].lower()}{reason[1:].rstrip('.')}."
