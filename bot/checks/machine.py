"""Checks of the machine: room on the disk, time zones and clock, fonts and templates of letters."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from bot.checks import Finding, fault, ok, warning
from bot.settings import Settings
from handlers.press import TEMPLATES, Press
from storage.services import services

GIGABYTE = 1 << 30
LEAST, AMPLE = GIGABYTE // 4, 2 * GIGABYTE
"""Bytes free, below which the bot may stop soon, or somebody should look."""
FIRST_YEAR = 2026
"""No clock that is right shows an earlier one: the program was written then."""
SAMPLE = "沈阳市人民政府外事办公室〔2027〕號 Shenyang é ł ş ế Я"
"""Signs of both scripts, and of names from abroad."""


def folder(settings: Settings) -> Iterator[Finding]:
    """Whether the data folder can be written and has room."""
    place = _existing(settings.data_dir)
    if not os.access(place, os.W_OK):
        yield fault(
            "folder", f"{place} can't be written", "let this account write there, or set BOT_DATA_DIR"
        )
        return
    free = shutil.disk_usage(place).free
    shown = f"{free / GIGABYTE:.1f} GB free at {place}"
    if free < LEAST:
        yield fault("disk", shown, "make room, or set BOT_DATA_DIR to a larger disk")
    elif free < AMPLE:
        yield warning("disk", shown, "make room before it is full")
    else:
        yield ok("disk", shown)


def clock(now: datetime) -> Iterator[Finding]:
    """Whether the clock can be right. (How far it is from Telegram's stands with the token.)"""
    if now.year < FIRST_YEAR:
        yield fault("clock", f"it shows {now:%Y-%m-%d}", "set the machine's clock; deadlines hang on it")
    else:
        yield ok("clock", f"{now:%Y-%m-%d %H:%M:%S} UTC")


def letters() -> Iterator[Finding]:
    """Whether letters can be set: their fonts, and the template of every service."""
    missing = Press().missing_glyphs(SAMPLE)
    if missing:
        yield fault("fonts", f"no sign for {missing}", "install the package pylopdf-fonts-zh-cn anew")
    else:
        yield ok("fonts", "both scripts print")
    for form in (form for service in services().values() for form in (service, *service.matter_forms)):
        if form.letter is not None and not (TEMPLATES / form.letter.template).is_file():
            yield fault(
                "templates", f"{form.letter.template} is missing", f"{form.form_id()} names it: add it"
            )


def _existing(place: Path) -> Path:
    """The folder itself, or the nearest above it that is there."""
    return place if place.exists() else _existing(place.parent)
