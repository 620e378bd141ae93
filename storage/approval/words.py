"""PURE: the words of a route: roles, divisions, limits, kinds of stage."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from locales import N_, Message


class Role(StrEnum):
    """What an officer may act as."""

    DESK = "desk"
    SECTION_CHIEF = "section_chief"
    DEPUTY_DIRECTOR = "deputy_director"
    DIRECTOR = "director"
    DISCIPLINE = "discipline"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> Message:
        """What people call it."""
        return _ROLES[self]

    @property
    def decides(self) -> bool:
        """Section chief and up: may refuse, send outside and put on public notice."""
        return self not in (Role.DESK, Role.ADMINISTRATOR)

    @property
    def above(self) -> Role:
        """The next level, to which what waits too long, or has nobody left, goes."""
        return _ABOVE.get(self, self)


_ROLES: Final = {
    Role.DESK: N_("Service desk", "role"),
    Role.SECTION_CHIEF: N_("Section chief", "role"),
    Role.DEPUTY_DIRECTOR: N_("Deputy director", "role"),
    Role.DIRECTOR: N_("Director", "role"),
    Role.DISCIPLINE: N_("Discipline inspection", "role"),
    Role.ADMINISTRATOR: N_("Administrator", "role"),
}
_ABOVE: Final = {
    Role.DESK: Role.SECTION_CHIEF,
    Role.SECTION_CHIEF: Role.DEPUTY_DIRECTOR,
    Role.DEPUTY_DIRECTOR: Role.DIRECTOR,
}


class Division(StrEnum):
    """A part of the office, or a district's office. `DIS` on a route is the applicant's own district."""

    GEN = "GEN"
    OUT = "OUT"
    CON = "CON"
    EXC = "EXC"
    PRO = "PRO"
    OCA = "OCA"
    HMT = "HMT"
    TAL = "TAL"
    TRN = "TRN"
    DSC = "DSC"
    PTY = "PTY"
    DIS = "DIS"
    DIS_HEPING = "DIS-HEPING"
    DIS_SHENHE = "DIS-SHENHE"
    DIS_DADONG = "DIS-DADONG"
    DIS_HUANGGU = "DIS-HUANGGU"
    DIS_TIEXI = "DIS-TIEXI"
    DIS_SUJIATUN = "DIS-SUJIATUN"
    DIS_HUNNAN = "DIS-HUNNAN"
    DIS_SHENBEI = "DIS-SHENBEI"
    DIS_YUHONG = "DIS-YUHONG"
    DIS_LIAOZHONG = "DIS-LIAOZHONG"
    DIS_XINMIN = "DIS-XINMIN"
    DIS_KANGPING = "DIS-KANGPING"
    DIS_FAKU = "DIS-FAKU"

    @property
    def label(self) -> Message:
        """What people call it."""
        return _DIVISIONS[self]

    @property
    def is_district(self) -> bool:
        """Whether it is one of the thirteen district and county offices."""
        return self.value.startswith("DIS-")

    @classmethod
    def of_district(cls, code: str) -> Division:
        """The office of a district ("heping"). Raises ValueError for one that the city does not have."""
        return cls(f"DIS-{code.upper()}")


_DIVISIONS: Final = {
    Division.GEN: N_("General Office", "division"),
    Division.OUT: N_("Outbound Visits", "division"),
    Division.CON: N_("Foreign Nationals and Consular", "division"),
    Division.EXC: N_("International Exchange", "division"),
    Division.PRO: N_("Protocol and Press", "division"),
    Division.OCA: N_("Overseas Chinese Affairs", "division"),
    Division.HMT: N_("Hong Kong, Macao and Taiwan", "division"),
    Division.TAL: N_("Talent", "division"),
    Division.TRN: N_("Training", "division"),
    Division.DSC: N_("Discipline", "division"),
    Division.PTY: N_("Party Committee", "division"),
    Division.DIS: N_("District office", "division"),
    Division.DIS_HEPING: N_("Heping District office", "division"),
    Division.DIS_SHENHE: N_("Shenhe District office", "division"),
    Division.DIS_DADONG: N_("Dadong District office", "division"),
    Division.DIS_HUANGGU: N_("Huanggu District office", "division"),
    Division.DIS_TIEXI: N_("Tiexi District office", "division"),
    Division.DIS_SUJIATUN: N_("Sujiatun District office", "division"),
    Division.DIS_HUNNAN: N_("Hunnan District office", "division"),
    Division.DIS_SHENBEI: N_("Shenbei New District office", "division"),
    Division.DIS_YUHONG: N_("Yuhong District office", "division"),
    Division.DIS_LIAOZHONG: N_("Liaozhong District office", "division"),
    Division.DIS_XINMIN: N_("Xinmin City office", "division"),
    Division.DIS_KANGPING: N_("Kangping County office", "division"),
    Division.DIS_FAKU: N_("Faku County office", "division"),
}


class Unit(StrEnum):
    """In what a limit is counted: office days and their hours, or real time by day and night."""

    WORKING_DAYS = "working_days"
    HOURS = "hours"
    MINUTES = "minutes"


@dataclass(frozen=True, slots=True)
class Limit:
    """How long a stage may take. `n` may be a part (0.5 working days are 3.5 working hours)."""

    n: float
    unit: Unit


class WorkingDays(Limit):
    """So many days on which the office works."""

    __slots__ = ()

    def __init__(self, n: float) -> None:
        super().__init__(n, Unit.WORKING_DAYS)


class Hours(Limit):
    """So many hours of real time."""

    __slots__ = ()

    def __init__(self, n: float) -> None:
        super().__init__(n, Unit.HOURS)


class Minutes(Limit):
    """So many minutes of real time."""

    __slots__ = ()

    def __init__(self, n: float) -> None:
        super().__init__(n, Unit.MINUTES)


class Mode(StrEnum):
    """How the acts of a stage make it pass: each of them, one of them, or one after the other."""

    ALL = "all"
    ANY = "any"
    TURN = "turn"


class StageKind(StrEnum):
    """What a stage waits for: officers, a body outside the office, or the end of a public notice."""

    REVIEW = "review"
    OUTSIDE = "outside"
    PUBLISHED = "published"


_BODIES: Final = {
    "province": N_("the province", "body"),
    "ministry": N_("the ministry", "body"),
    "police": N_("public security", "body"),
    "city": N_("the city government", "body"),
    "district": N_("the district", "body"),
}


def body_label(body: str) -> Message:
    """What people call a body outside the office: a known one by its code, else as it was written."""
    return _BODIES.get(body) or Message(body)
