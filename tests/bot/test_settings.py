"""Settings: what interfaces.md lists, and one line for a wrong one that never repeats the value."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.settings import Listen, Settings, SettingsError, Webhook, describe
from storage import secrets

TOKEN = "123456:ABC-def_ghi"
NAMES = {
    "BOT_TOKEN",
    "BOT_API_URL",
    "BOT_PROXY",
    "BOT_DATABASE_URL",
    "BOT_DATA_DIR",
    "BOT_DATA_KEY",
    "BOT_WEBHOOK_URL",
    "BOT_WEBHOOK_SECRET",
    "BOT_LISTEN",
    "BOT_PUBLIC_URL",
    "BOT_OFFICE",
    "BOT_LOG_LEVEL",
}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def load(monkeypatch: pytest.MonkeyPatch, **given: str) -> Settings:
    for name, value in given.items():
        monkeypatch.setenv(f"BOT_{name}", value)
    return Settings.load()


def test_the_settings_are_those_of_the_table() -> None:
    assert set(describe()) == NAMES


def test_nothing_set_is_a_file_in_the_platforms_place() -> None:
    settings = Settings.load()
    assert settings.database == f"sqlite:///{settings.data_dir / 'shenqiao.db'}"
    assert settings.data_dir.name == "shenqiao"
    assert settings.log_level == "INFO"
    assert settings.webhook is None


def test_an_empty_variable_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(monkeypatch, PROXY="", TOKEN="").proxy is None


def test_what_is_right_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings = load(
        monkeypatch,
        TOKEN=TOKEN,
        DATA_KEY=secrets.generate(),
        API_URL="http://localhost:8081/",
        PROXY="socks5://user:pass@127.0.0.1:1080",
        DATABASE_URL="postgresql://bot@db/shenqiao",
        DATA_DIR=str(tmp_path),
        LISTEN="[::1]:8080",
        PUBLIC_URL="https://fao.example.cn/bot/",
        LOG_LEVEL="debug",
    ).for_running()
    assert settings.api_url == "http://localhost:8081"
    assert settings.listen == Listen("::1", 8080)
    assert settings.public_url == "https://fao.example.cn/bot"
    assert settings.database == "postgresql://bot@db/shenqiao"
    assert settings.log_level == "DEBUG"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TOKEN", "secret-nonsense"),
        ("DATA_KEY", "secret-nonsense"),
        ("API_URL", "http://secret-nonsense/bot"),
        ("API_URL", "secret-nonsense"),
        ("PROXY", "secret-nonsense"),
        ("DATABASE_URL", "mysql://secret-nonsense"),
        ("LISTEN", "secret-nonsense"),
        ("LISTEN", "secret-nonsense:99999"),
        ("PUBLIC_URL", "secret-nonsense"),
        ("OFFICE", "/secret-nonsense.toml"),
        ("LOG_LEVEL", "secret-nonsense"),
        ("WEBHOOK_SECRET", "secret nonsense"),
        ("WEBHOOK_URL", "http://secret-nonsense.example/hook"),
        ("WEBHOOK_URL", "https://secret-nonsense.example:8080/hook"),
    ],
)
def test_a_wrong_one_is_named_in_one_line_without_its_value(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    with pytest.raises(SettingsError) as wrong:
        load(monkeypatch, **{name: value})
    line = str(wrong.value)
    assert line.startswith(f"BOT_{name}: ")
    assert "nonsense" not in line
    assert "\n" not in line


@pytest.mark.parametrize(("given", "missing"), [({}, "BOT_TOKEN"), ({"TOKEN": TOKEN}, "BOT_DATA_KEY")])
def test_running_names_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], missing: str
) -> None:
    with pytest.raises(SettingsError, match=f"{missing}: is missing: write"):
        load(monkeypatch, **given).for_running()


@pytest.mark.parametrize(
    "given",
    [
        {"WEBHOOK_URL": "https://bot.example.cn/telegram"},
        {"WEBHOOK_URL": "https://bot.example.cn:8443/telegram"},
        {"WEBHOOK_URL": "http://127.0.0.1:9000/telegram"},
        {"WEBHOOK_URL": "http://bot:9000/telegram", "API_URL": "http://api:8081"},
    ],
)
def test_a_webhook_is_https_or_at_home(monkeypatch: pytest.MonkeyPatch, given: dict[str, str]) -> None:
    settings = load(monkeypatch, TOKEN=TOKEN, LISTEN="127.0.0.1:9000", **given)
    assert isinstance(settings.webhook, Webhook)
    assert settings.webhook.path == "/telegram"
    assert len(settings.webhook.secret) == 64, "made from the token where none is given"
    assert settings.webhook.secret not in repr(settings.webhook)


def test_a_webhook_needs_somewhere_to_listen(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError, match="BOT_LISTEN"):
        load(monkeypatch, TOKEN=TOKEN, WEBHOOK_URL="https://bot.example.cn/telegram")


def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    key = secrets.generate()
    given: dict[str, Any] = {"TOKEN": TOKEN, "DATA_KEY": key, "PROXY": "http://user:hush@p:1"}
    shown = repr(load(monkeypatch, **given, DATABASE_URL="postgresql://bot:hush@db/x"))
    for secret in (TOKEN, key, "hush"):
        assert secret not in shown
