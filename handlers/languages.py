"""Which of our languages a Telegram client speaks."""

from __future__ import annotations

from locales import LANGUAGES

_TRADITIONAL = {"zh-hant", "zh-tw", "zh-hk", "zh-mo"}


def language_of(code: str | None) -> str:
    """Our language for an IETF tag ("zh-hans", "pt-br"), English where we don't speak it."""
    tag = (code or "").casefold().replace("_", "-")
    if tag in _TRADITIONAL or tag.startswith("zh-hant"):
        return "zh_Hant"
    base = tag.partition("-")[0]
    if base == "zh":
        return "zh_Hans"
    return base if base in LANGUAGES else "en"
