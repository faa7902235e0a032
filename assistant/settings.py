"""The assistant's settings: those of the library, where to listen, who may ask, who answers.

Read once, in `__main__`, and handed down as plain values. Knows nothing of what is done with them.
"""

import ipaddress
import re
from pathlib import PurePath

from pydantic import Field, SecretStr, field_validator, model_validator

from vectorstore.settings import LibrarySettings

ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:\d{1,5})?", re.IGNORECASE)
EXTRACTIVE = "extractive"  # quotes the articles; needs no model server
MODEL = re.compile(r"[a-z][a-z0-9_]*:\S.*")


class Settings(LibrarySettings):
    host: str = "127.0.0.1"
    port: int = Field(default=7860, ge=0, le=65535)  # 0: any free one
    api_key: SecretStr | None = None
    model: str = EXTRACTIVE
    allow_origins: str = ""
    model_url: str | None = None
    promise: float = Field(default=0.1, ge=0, le=1, allow_inf_nan=False)

    @field_validator("host")
    @classmethod
    def _plain_host(cls, value: str) -> str:
        host = value.strip().removeprefix("[").removesuffix("]")
        if not host:
            raise ValueError("give an address such as 127.0.0.1")
        return host

    @field_validator("api_key")
    @classmethod
    def _keys_can_be_sent(cls, value: SecretStr | None) -> SecretStr | None:
        keys = [] if value is None else _parts(value.get_secret_value())
        if value is not None and not keys:
            raise ValueError("it holds no key; give one, or several with commas")
        if not all(key.isascii() and key.isprintable() and " " not in key for key in keys):
            raise ValueError("it travels in a header, so only printable ASCII without spaces may stand in it")
        return value

    @field_validator("allow_origins")
    @classmethod
    def _whole_origins(cls, value: str) -> str:
        if not all(ORIGIN.fullmatch(origin) for origin in _parts(value)):
            raise ValueError("write origins as in https://desk.example.org, several with commas, no path and no *")
        return value

    @field_validator("model")
    @classmethod
    def _known_kind(cls, value: str) -> str:
        wrong = [name for name in _parts(value) if name != EXTRACTIVE and not MODEL.fullmatch(name)]
        if wrong or not _parts(value):
            raise ValueError(f"a model is {EXTRACTIVE}, provider:name such as openai:gpt-5-mini, or gguf:PATH")
        return value

    @field_validator("model_url")
    @classmethod
    def _address(cls, value: str | None) -> str | None:
        if value is not None and not re.match(r"https?://[^\s/]", value):
            raise ValueError("give the base address of an OpenAI-compatible server such as http://127.0.0.1:8080/v1")
        return value

    @model_validator(mode="after")
    def _address_has_a_model(self) -> "Settings":
        if self.model_url and not any(name.startswith("openai:") for name in self.models):
            raise ValueError(
                "FOOTNOTE_MODEL_URL names a server but FOOTNOTE_MODEL no model of it: set that to openai:NAME."
            )
        return self

    @model_validator(mode="after")
    def _key_beyond_loopback(self) -> "Settings":
        if not self.loopback and not self.api_keys:
            raise ValueError(
                f"Listening on {self.host} lets other machines in: set FOOTNOTE_API_KEY, or listen on 127.0.0.1."
            )
        return self

    @property
    def api_keys(self) -> tuple[str, ...]:
        return tuple(_parts(self.api_key.get_secret_value())) if self.api_key else ()

    @property
    def origins(self) -> tuple[str, ...]:
        """Other sites whose pages may call the API from a browser."""
        return tuple(_parts(self.allow_origins.lower()))

    @property
    def models(self) -> tuple[str, ...]:
        """Who answers, the first by default."""
        return tuple(dict.fromkeys(_parts(self.model)))

    @property
    def loopback(self) -> bool:
        return is_loopback(self.host)


def public_name(model: str) -> str:
    """The model as answers and lists name it: of a file only its name, for where it lies is nobody's business."""
    provider, _, name = model.partition(":")
    return f"{provider}:{PurePath(name).name}" if provider == "gguf" else model


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _parts(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]
