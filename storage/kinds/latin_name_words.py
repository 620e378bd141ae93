"""Words around and inside names in Latin letters: titles, phrases, labels, particles, and answers that are no name."""

from __future__ import annotations

import re

APOSTROPHES = {0x2019: "'", 0x2018: "'", 0x2BC: "'", 0x60: "'", 0xB4: "'", 0x2BB: "'", 0xFF07: "'"}
TITLES = re.compile(
    r"^(?:(?:dr|prof|professor|mr|mrs|ms|miss|sir|dame|herr|frau|m|mme|mlle|monsieur|madame|mademoiselle|dipl|ing|"
    r"med|phil|habil|nat|mag|rev|"
    r"hon|univ)\b\.?-?\s*)+(?=\S+\s)",
    re.IGNORECASE,
)
LEAD = re.compile(
    r"^(?:(?:hello|hi|hallo|bonjour)[,!.]?\s+)?"
    r"(?:(?:(?:my|the|his|her|full|passport|guest's)\s+)*names?(?:\s+is|'s|\s+in passport)?\s*[:：]?\s+|"
    r"i am\s|i'm\s|this is\s|ich hei(?:ß|ss)e\s|ich bin\s|mein name ist\s|der name ist\s|name ist\s|je m'appelle\s|"
    r"je suis\s|mon nom est\s|"
    r"nom\s*[:：]|menya zovut\s|姓名\s*[:：]?|名字\s*[:：是]?|护照姓名\s*[:：]?|英文名\s*[:：是]?|我叫|"
    r"меня зовут|имя\s*[:：]|名前は|"
    r"氏名\s*[:：]?|이름은|성명\s*[:：]?)\s*",
    re.IGNORECASE,
)
_FAMILY = (
    r"(?:(?:sur|family |last )name|nachname|familienname|nom(?: de famille)?|фамилия|姓氏?|성)"
    r"\s*[:：=是]?\s*(?P<surname>[^,;，；\n]+?)"
)
_GIVEN = r"(?:(?:given |first |fore)names?|vornamen?|prénoms?|имя|名字?|이름)\s*[:：=是]?\s*(?P<given>[^,;，；\n]+?)"
_BETWEEN = r"\s*[,;，；\n]?\s*"
LABELLED = (
    re.compile(rf"\b{_FAMILY}{_BETWEEN}{_GIVEN}\s*$", re.IGNORECASE),
    re.compile(rf"\b{_GIVEN}{_BETWEEN}{_FAMILY}\s*$", re.IGNORECASE),
)
"""A line that names its parts: "Nom : DUPONT, prénom : Jean"."""

TRAILING = re.compile(
    r"\s*(?:,\s*(?:ph\.?d|m\.?d|dr|prof|esq|mba|msc)\.?|\((?:née?|geb(?:oren)?|born|原名)\.?\s[^)]*\))\s*$",
    re.IGNORECASE,
)
"""Degrees and maiden names behind a name: a passport's data page has them elsewhere, if at all."""
SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
"""They belong to the word before them."""

# fmt: off
BEGIN_FAMILY_NAMES = frozenset({
    "van", "von", "vom", "zu", "zum", "zur", "ter", "ten", "te", "af", "av", "de", "del", "della", "di", "da",
    "dos", "das", "do", "du", "des",
})
"""Particles that a family name begins with."""
PARTICLES = BEGIN_FAMILY_NAMES | {"der", "den", "la", "le", "los", "las", "el", "y", "e", "und"}
GIVEN_AFTER_PARTICLE = frozenset({
    "carmen", "pilar", "angeles", "ángeles", "jesus", "jesús", "mar", "rosario", "dolores", "luz", "rocio",
    "socorro", "mercedes", "gracia",
})
"""Words after de, del, de los that are mostly part of a given name (María del Carmen)."""
NO_NAMES = frozenset({
    "none", "no", "n/a", "na", "unknown", "null", "nothing", "nobody", "anonymous", "test", "same",
    "same as above", "idk", "yes", "ok", "nein", "non", "keine", "skip", "no name", "help", "back", "nom", "name",
    "surname",
})
# fmt: on
