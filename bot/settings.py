"""Everything that an office may configure, read from the environment (prefix BOT_) and checked at the start."""

from __future__ import annotations

import hashlib
import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, NoReturn
from urllib.parse import SplitResult, urlsplit

import platformdirs
from pydantic import (
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from storage.secrets import BadKey, Keys

PREFIX = "BOT_"
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
WEBHOOK_PORTS = (443, 80, 88, 8443)
"""Ports that Telegram calls (Bot API, setWebhook); another Bot API server may call any."""


class SettingsError(Exception):
    """A setting is missing or wrong: one line that names the variable and what to write."""

    def __init__(self, variable: str, advice: str) -> None:
        super().__init__(f"{variable}: {advice}")
        self.variable = variable
        self.advice = advice


class TokenRefused(SettingsError):
    """Telegram refuses the token (401), or has never heard of it (404)."""

    def __init__(self) -> None:
        super().__init__("BOT_TOKEN", "Telegram refuses it: write the token that BotFather shows now")


@dataclass(frozen=True, slots=True)
class Listen:
    """Where the webhook, the health checks and the public pages are served."""

    host: str
    port: int


class Settings(BaseSettings):
    """The settings of `interfaces.md`. Secrets are shown as stars, and no error repeats a value."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    token: SecretStr | None = None
    """From BotFather; `bot run` needs it."""
    api_url: str | None = None
    """Another Bot API server: scheme://host:port. Files go there too."""
    proxy: SecretStr | None = None
    """The way out: http://… or socks5://…, with a password if it wants one."""
    data_dir: Path = Field(default_factory=lambda: platformdirs.user_data_path("shenqiao"))
    """Files, the database, and the keys of the demo."""
    database_url: SecretStr | None = None
    """sqlite:///file or postgresql://…; by default a file in `data_dir`."""
    data_key: SecretStr | None = None
    """32 bytes in base64, under which all is sealed; `bot run` needs it."""
    webhook_url: str | None = None
    webhook_secret: SecretStr | None = None
    listen: Annotated[Listen | None, NoDecode] = None
    """host:port of webhook, health, metrics and public pages."""
    public_url: str | None = None
    """What people reach `listen` by; without a slash at the end."""
    office: Path | None = None
    """The office's TOML file; without it, Shenyang's."""
    log_level: str = "INFO"

    @classmethod
    def load(cls, **given: Any) -> Settings:
        """Read the environment; `given` goes before it. Raises SettingsError."""
        try:
            return cls(**given)
        except ValidationError as error:
            raise _first(error) from None

    def for_running(self) -> Settings:
        """The same settings, if `bot run` can start on them. Raises SettingsError."""
        if self.token is None:
            raise SettingsError("BOT_TOKEN", "is missing: write the token that BotFather gave, 123456:ABC…")
        if self.data_key is None:
            raise SettingsError(
                "BOT_DATA_KEY", "is missing: write a key that `bot key` prints, and keep it safe"
            )
        return self

    @property
    def database(self) -> str:
        """The address of the database."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.data_dir / 'shenqiao.db'}"

    @property
    def webhook(self) -> Webhook | None:
        """The webhook, if it is to be used instead of polling."""
        if self.webhook_url is None or self.token is None:
            return None
        if self.webhook_secret is not None:
            secret = self.webhook_secret.get_secret_value()
        else:
            token = self.token.get_secret_value()
            secret = hashlib.sha256(f"webhook secret of {token}".encode()).hexdigest()
        return Webhook(self.webhook_url, secret)

    @field_validator("token")
    @classmethod
    def _token(cls, token: SecretStr | None) -> SecretStr | None:
        if token and not re.fullmatch(r"\d+:[\w-]{3,}", token.get_secret_value()):
            raise ValueError("is no token: write what BotFather gave, 123456:ABC…")
        return token

    @field_validator("data_key")
    @classmethod
    def _data_key(cls, key: SecretStr | None) -> SecretStr | None:
        if key:
            try:
                Keys(key.get_secret_value())
            except BadKey:
                _refuse("is no key: write 32 bytes in base64, as `bot key` prints them")
        return key

    @field_validator("api_url")
    @classmethod
    def _api_url(cls, url: str | None) -> str | None:
        if url is None:
            return None
        parts = _web_address(url, "write scheme://host:port of the Bot API server, without /bot")
        if parts.path.strip("/") or parts.query:
            raise ValueError("write scheme://host:port of the Bot API server, without /bot")
        return f"{parts.scheme}://{parts.netloc}"

    @field_validator("public_url")
    @classmethod
    def _public_url(cls, url: str | None) -> str | None:
        if url is not None:
            _web_address(url, "write the address by which people reach the bot's pages, https://…")
        return url.rstrip("/") if url else url

    @field_validator("proxy")
    @classmethod
    def _proxy(cls, proxy: SecretStr | None) -> SecretStr | None:
        if proxy and not re.match(r"(http|socks5)://[^/]+", proxy.get_secret_value()):
            raise ValueError("write http://host:port or socks5://host:port")
        return proxy

    @field_validator("database_url")
    @classmethod
    def _database_url(cls, url: SecretStr | None) -> SecretStr | None:
        if url and not re.match(r"(sqlite:///|postgresql(\+psycopg)?://)", url.get_secret_value()):
            raise ValueError("write sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME")
        return url

    @field_validator("data_dir", "office", mode="after")
    @classmethod
    def _home(cls, path: Path | None) -> Path | None:
        return path.expanduser() if path else path

    @field_validator("office")
    @classmethod
    def _office(cls, path: Path | None) -> Path | None:
        if path and not path.is_file():
            raise ValueError("names no file: write the path of the office's TOML file")
        return path

    @field_validator("listen", mode="before")
    @classmethod
    def _address(cls, text: object) -> object:
        return _listen(text)

    @field_validator("log_level", mode="before")
    @classmethod
    def _log_level(cls, level: object) -> object:
        if str(level).upper() not in LEVELS:
            raise ValueError(f"write one of {', '.join(LEVELS)}")
        return str(level).upper()

    @field_validator("webhook_secret")
    @classmethod
    def _webhook_secret(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret.get_secret_value()):
            raise ValueError("write 1 to 256 of A-Z a-z 0-9 _ -")
        return secret

    @model_validator(mode="after")
    def _webhook(self) -> Settings:
        if self.webhook_url is None:
            return self
        advice = "write https://HOST/PATH on port 443, 80, 88 or 8443"
        parts = _web_address(self.webhook_url, advice, variable="BOT_WEBHOOK_URL")
        is_fit = parts.scheme == "https" and (parts.port or 443) in WEBHOOK_PORTS
        if not is_fit and self.api_url is None and not _is_loopback(parts.hostname):
            _refuse(advice, variable="BOT_WEBHOOK_URL")
        if self.listen is None:
            _refuse("is missing: the webhook needs host:port to listen on", variable="BOT_LISTEN")
        return self


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where Telegram is to send updates, and the secret by which its requests are known."""

    url: str
    secret: str

    @property
    def path(self) -> str:
        """The path that is served."""
        return urlsplit(self.url).path or "/"

    def __repr__(self) -> str:
        """Without the secret."""
        return f"Webhook({self.url!r})"


def describe() -> Mapping[str, str]:
    """Every variable by name with its type's name: what the documentation must name."""
    return {PREFIX + name.upper(): str(field.annotation) for name, field in Settings.model_fields.items()}


def _listen(text: object) -> object:
    if not isinstance(text, str):
        return text
    host, _, port = text.rpartition(":")
    if not port.isdecimal() or not 0 <= int(port) <= 65535:
        raise ValueError("write host:port, such as 127.0.0.1:8080")
    return Listen(host.strip("[]") or "0.0.0.0", int(port))  # noqa: S104  # ":8080" means everywhere, as elsewhere


def _web_address(url: str, advice: str, variable: str | None = None) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        _refuse(advice, variable)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        _refuse(advice, variable)
    return parts


def _is_loopback(host: str | None) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def _refuse(advice: str, variable: str | None = None) -> NoReturn:
    raise ValueError(f"{variable}|{advice}" if variable else advice)


def _first(error: ValidationError) -> SettingsError:
    """The first fault as one line, without the value."""
    fault = error.errors(include_input=False, include_url=False)[0]
    name = PREFIX + str(fault["loc"][0]).upper() if fault["loc"] else PREFIX.rstrip("_")
    cause = fault.get("ctx", {}).get("error")
    advice = str(cause) if cause is not None else fault["msg"]
    if "|" in advice and not fault["loc"]:
        name, _, advice = advice.partition("|")
    return SettingsError(name, advice)
