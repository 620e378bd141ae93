"""The people of a transcript and their phones: officers sit in the demo's seats, everybody else comes new."""

from __future__ import annotations

from bot.simulator.client import Phone, SimClient

_CODES = {"zh_Hans": "zh-hans", "zh_Hant": "zh-hant"}
_DEFAULT = "en"


class Cast:
    """Finds a person's phone by the name that the transcript gives them.

    "Desk", "Section chief CON", "处长 CON", "Director 2" are officers: role and division as on the phone's label,
    with a number for the second of the two. Any other name is a new person.
    """

    def __init__(self, client: SimClient) -> None:
        self._client = client
        self._phones: dict[str, Phone] = {}
        self._officers: set[str] = set()

    async def meet(self, name: str, language: str) -> Phone:
        """Someone who appears for the first time; `language` is a folder of the catalogues, or empty."""
        officer = await self._officer(name)
        if officer is not None:
            self._phones[name] = officer
            self._officers.add(name)
            return officer
        code = _CODES.get(language, language) or _DEFAULT
        phone = await self._client.add_person(
            name, language_code=code, label=name, group="Transcript", pinned=True
        )
        self._phones[name] = phone
        return phone

    def phone(self, name: str) -> Phone:
        """The phone of someone met before. Raises KeyError."""
        return self._phones[name]

    def holds(self, number: int) -> bool:
        """Whether somebody of the transcript has this phone."""
        return any(phone.id == number for phone in self._phones.values())

    def is_officer(self, name: str) -> bool:
        """Whether they sit in one of the demo's seats."""
        return name in self._officers

    async def _officer(self, name: str) -> Phone | None:
        words = set(_seat(name))
        nth = 2 if name.endswith(" 2") else 1
        for person in (await self._client.state())["people"]:
            parts = str(person["label"] or "").split(" · ")
            if str(person["group"] or "").startswith("Officers") and words == words & set(parts):
                nth -= 1 if len(parts) - len(words) == 1 else 0
                if nth == 0:
                    return Phone(self._client, person)
        return None


def _seat(name: str) -> tuple[str, ...]:
    """Role and division of a name: "Section chief CON 2" -> ("Section chief", "CON")."""
    stem = name.removesuffix(" 2")
    role, _, division = stem.rpartition(" ")
    return (role, division) if role and division.isascii() and division.isupper() else (stem,)
