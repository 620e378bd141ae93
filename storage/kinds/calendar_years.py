"""Which year a number means: four digits, two digits, years of an era or of the Republic."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

FIRST, LAST = 1850, 2150
"""Years that people date things with here; beyond lies a slip of the finger."""
_REPUBLIC, _REIWA, _HEISEI = 1911, 2018, 1988
_ERA_DAYS = {  # the day of a change belongs to both, until 1989
    "meiji": (date(1868, 10, 23), date(1912, 7, 30)),
    "taisho": (date(1912, 7, 30), date(1926, 12, 25)),
    "showa": (date(1926, 12, 25), date(1989, 1, 7)),
    "heisei": (date(1989, 1, 8), date(2019, 4, 30)),
    "reiwa": (date(2019, 5, 1), date.max),
    "minguo": (date(1912, 1, 1), date.max),
}


def in_era(day: date, era: str) -> bool:
    """Whether the day lies in the era: 平成 ended on 30 April 2019."""
    first, last = _ERA_DAYS[era]
    return first <= day <= last


@dataclass(frozen=True)
class Years:
    """How a person of this language means a year, on this day."""

    language: str
    today: date
    past: bool = False
    """The date asked for lies behind us (a birth), so that 87 is 1987 and 30 is 1930."""

    def of(
        self, number: int, digits: int, *, era: int | None = None, marked: bool = False
    ) -> tuple[int, ...]:
        """Every year that the number can be; none where it is no year.

        `marked`: it is called a year (27年), which in Japan may be one of an era, in Taiwan one of the Republic.
        """
        if era is not None:
            return (era + number,) if 0 < number < 200 else ()
        if number >= 1000:
            return (number,) if FIRST <= number <= LAST else ()
        if number >= 100:
            return (_REPUBLIC + number,) if self.language == "zh_Hant" and number < 200 else ()
        common = (self._century(number),) if digits == 2 else ()
        return tuple(sorted({*common, *(self._of_era(number) if marked else ())}))

    def _century(self, number: int) -> int:
        """The year with these last two digits: not in the future if past, else within 20 years from today."""
        limit = self.today.year if self.past else self.today.year + 20
        return limit - (limit - number) % 100

    def _of_era(self, number: int) -> tuple[int, ...]:
        if self.language == "ja":
            latest = self.today.year + 20
            reiwa = (_REIWA + number,) if _REIWA + number <= latest else ()
            return (*((_HEISEI + number,) if 0 < number <= 31 else ()), *reiwa)
        if self.language == "zh_Hant" and number > 20:
            return (_REPUBLIC + number,)
        return ()
