"""The gettext catalogues: loaded once per language, merged from all `*.po` of its folder.

An office's own service file brings its texts in a `.po` of its own; nothing else is edited.
Until a language is written, zh_Hant is read from zh_Hans through OpenCC and the others are read in English.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Any

LANGUAGES = ("zh_Hans", "zh_Hant", "en", "ja", "ko", "ru", "fr", "de")
"""Languages that the bot reads and offers, by their gettext folder."""

SPOKEN = {
    "zh_Hans": "简体中文",
    "zh_Hant": "繁體中文",
    "en": "English",
    "ja": "日本語",
    "ko": "한국어",
    "ru": "Русский",
    "fr": "Français",
    "de": "Deutsch",
}
"""Each language's name in itself, as it stands on the button that chooses it."""

_ROOT = Path(__file__).parent


def translate(message: str, language: str, /, **values: object) -> str:
    """The message in the reader's language, its {fields} filled with `values`."""
    text = _look_up(message, language)
    return text.format(**values) if values else text


def plural(singular: str, many: str, n: int, language: str, /, **values: object) -> str:
    """The form of a counted message that the language wants for `n`; {n} is filled by itself."""
    text = _catalogue(language).ngettext(str(singular), str(many), n)
    return _traditional(text, language).format(n=n, **values)


def _look_up(message: str, language: str) -> str:
    if not message:
        return ""
    context = getattr(message, "context", None)
    catalogue = _catalogue(language)
    text = catalogue.pgettext(context, str(message)) if context else catalogue.gettext(str(message))
    return _traditional(text, language) if text != str(message) else text


def _traditional(text: str, language: str) -> str:
    return _to_traditional()(text) if language == "zh_Hant" and not _has_own("zh_Hant") else text


@cache
def _to_traditional() -> Callable[[str], str]:
    from opencc import OpenCC  # noqa: PLC0415  # its dictionaries take 100 ms: only who reads zh_Hant pays

    converter: Any = OpenCC("s2t")
    return cache(converter.convert)


@cache
def _has_own(language: str) -> bool:
    return any((_ROOT / language).rglob("*.po"))


@cache
def _catalogue(language: str) -> NullTranslations:
    folder = _ROOT / ("zh_Hans" if language == "zh_Hant" and not _has_own("zh_Hant") else language)
    sources = sorted((folder / "LC_MESSAGES").glob("*.po"))
    if not sources:
        return NullTranslations()
    compiled = folder / "LC_MESSAGES" / "bot.mo"
    if _fresh(compiled, sources):
        with compiled.open("rb") as file:
            return GNUTranslations(file)
    content = _compile(sources, folder.name)
    _keep(compiled, content)
    return GNUTranslations(BytesIO(content))


def _fresh(compiled: Path, sources: list[Path]) -> bool:
    return compiled.exists() and all(
        compiled.stat().st_mtime_ns > source.stat().st_mtime_ns for source in sources
    )


def _compile(sources: list[Path], language: str) -> bytes:
    # Wanted only after the texts changed: commands that read a catalogue start without it.
    from babel.messages.catalog import Catalog  # noqa: PLC0415
    from babel.messages.mofile import write_mo  # noqa: PLC0415
    from babel.messages.pofile import read_po  # noqa: PLC0415

    whole = Catalog(locale=language)
    for source in sources:
        with source.open("rb") as file:
            for entry in read_po(file, locale=language):
                if entry.id and entry.string:
                    whole.add(entry.id, entry.string, context=entry.context)
    buffer = BytesIO()
    write_mo(buffer, whole)
    return buffer.getvalue()


def _keep(compiled: Path, content: bytes) -> None:
    """Write beside the sources, whole or not at all: several processes may start at once, or the folder be locked."""
    draft = compiled.with_suffix(f".{os.getpid()}.tmp")
    with suppress(OSError):
        draft.write_bytes(content)
        draft.replace(compiled)
