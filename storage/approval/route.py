"""PURE: the route as a service file writes it, and the values into which a case freezes it on filing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from storage.approval.words import Division, Limit, Mode, Role, StageKind, Unit, WorkingDays
from storage.conditions import Answers, Condition, Facts


class UnreadableRoute(ValueError):
    """A route that no case could pass; `why` says it to the author of the service file."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class DistrictUnknown(ValueError):
    """A stage belongs to the applicant's district office, and the answers name no district."""


@dataclass(frozen=True, slots=True)
class Act:
    """One officer's part in a stage: who acts, and whether this part is needed at all."""

    role: Role
    division: Division | None = None
    when: Condition | None = None


@dataclass(frozen=True, init=False)
class Stage:
    """One place on a route: `Stage(Role.SECTION_CHIEF, Division.CON, within=WorkingDays(2))`.

    `may_edit` names fields that the desk or a chief may amend here. With `when` the stage is passed over
    while the condition is false. A deputy director or section chief without a division is the one in charge
    of the service's own.
    """

    acts: tuple[Act, ...]
    mode: Mode
    within: Limit
    when: Condition | None
    may_edit: tuple[str, ...]
    kind: StageKind
    body: str

    def __init__(
        self,
        who: Role | Stage,
        division: Division | None = None,
        *,
        within: Limit | None = None,
        when: Condition | None = None,
        may_edit: tuple[str, ...] | list[str] = (),
    ) -> None:
        if isinstance(who, Stage):
            self._hold(
                who.acts,
                who.mode,
                within=within or who.within,
                when=when or who.when,
                may_edit=may_edit or who.may_edit,
            )
        else:
            self._hold((Act(who, division),), Mode.ALL, within=within, when=when, may_edit=may_edit)

    def _hold(
        self,
        acts: tuple[Act, ...],
        mode: Mode,
        *,
        within: Limit | None,
        when: Condition | None,
        may_edit: tuple[str, ...] | list[str] = (),
        kind: StageKind = StageKind.REVIEW,
        body: str = "",
    ) -> None:
        values = {"acts": acts, "mode": mode, "within": within or _UNSAID, "when": when, "kind": kind}
        for name, value in (values | {"may_edit": tuple(may_edit), "body": body}).items():
            object.__setattr__(self, name, value)

    def shape(self, matter: str | None = None) -> dict[str, Any]:
        """As `bot services --json` publishes it."""
        n = self.within.n
        return {
            "kind": self.kind.value,
            "mode": self.mode.value,
            "acts": [{"role": a.role.value, "division": a.division and a.division.value} for a in self.acts],
            "within": {"unit": self.within.unit.value, "n": int(n) if n == int(n) else n},
            "conditional": self.when is not None,
            "matter": matter,
        }


_UNSAID: Final = Limit(0, Unit.WORKING_DAYS)
Who = Stage | Role | tuple[Role, Division]
"""How an act is written inside `All`, `AnyOf`, `InTurn`."""


class _Several(Stage):
    """Acts of several officers that make up one stage."""

    how: Mode = Mode.ALL

    def __init__(
        self,
        *acts: Who,
        within: Limit | None = None,
        when: Condition | None = None,
        may_edit: tuple[str, ...] | list[str] = (),
    ) -> None:
        members = [act if isinstance(act, Stage) else _stage_of(act) for act in acts]
        if not members:
            raise UnreadableRoute("A stage of several acts names none.")
        longest = max((member.within for member in members), key=lambda limit: limit.n)
        parts = tuple(
            Act(a.role, a.division, member.when or a.when) for member in members for a in member.acts
        )
        self._hold(parts, self.how, within=within or longest, when=when, may_edit=may_edit)


class All(_Several):
    """Countersign 会签: each of the acts is needed."""

    how = Mode.ALL


class AnyOf(_Several):
    """Either-sign 或签: one of the acts suffices."""

    how = Mode.ANY


class InTurn(_Several):
    """One act after the other 依次."""

    how = Mode.TURN


class Outside(Stage):
    """The case waits for another body, which we can't hurry; `within` is when word is expected."""

    def __init__(self, body: str, *, within: Limit | None = None, when: Condition | None = None) -> None:
        expected = within or WorkingDays(20)
        self._hold((), Mode.ALL, within=expected, when=when, kind=StageKind.OUTSIDE, body=body)


class Published(Stage):
    """A public notice runs (公示); an objection stops the case until it is settled."""

    def __init__(self, *, within: Limit | None = None, when: Condition | None = None) -> None:
        period = within or WorkingDays(5)
        self._hold((), Mode.ALL, within=period, when=when, kind=StageKind.PUBLISHED)


def _stage_of(who: Role | tuple[Role, Division]) -> Stage:
    return Stage(who) if isinstance(who, Role) else Stage(*who)


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the answers say about the route, worked out by storage before the pure call.

    `outcomes` of conditions by name; `appearing` are the officers (by person id) who appear in the case as
    applicant, traveller, host contact, reporter or reported person; `district` is the applicant's office.
    After a correction None, and a condition that is missing, leave what was known before.
    """

    outcomes: Mapping[str, bool] = field(default_factory=dict)
    appearing: tuple[int, ...] | None = None
    district: Division | None = None


@dataclass(frozen=True, slots=True)
class FiledAct:
    """An act as a case keeps it: its division is settled, its condition is a name with the last outcome."""

    role: Role
    division: Division | None = None
    condition: str | None = None
    needed: bool = True


@dataclass(frozen=True, slots=True)
class FiledStage:
    """A stage as a case keeps it from filing on."""

    kind: StageKind
    mode: Mode
    acts: tuple[FiledAct, ...]
    limit: Limit
    condition: str | None = None
    needed: bool = True
    may_edit: tuple[str, ...] = ()
    body: str = ""

    @property
    def applies(self) -> bool:
        """Whether the case has to pass here, as its answers stand."""
        return self.needed and (not self.acts or any(act.needed for act in self.acts))


@dataclass(frozen=True, init=False)
class Route:
    """The ordered stages that a service's cases pass.

    `owner` is the division in charge: by default that of the first section chief who is not a district's. On
    the urgent path no stage is skipped and none takes longer than `urgent`.
    """

    stages: tuple[Stage, ...]
    owner: Division | None
    urgent: Limit

    def __init__(self, *stages: Stage, owner: Division | None = None, urgent: Limit | None = None) -> None:
        object.__setattr__(self, "stages", stages)
        object.__setattr__(self, "owner", owner or _owner(stages))
        object.__setattr__(self, "urgent", urgent or WorkingDays(1))
        _check(stages)

    @property
    def conditions(self) -> dict[str, Condition]:
        """Every condition of the route by its name."""
        return {condition.name: condition for condition in _conditions(self.stages)}

    def outcomes(self, answers: Answers, facts: Facts) -> dict[str, bool]:
        """What each condition of the route says now."""
        return {name: condition(answers, facts) for name, condition in self.conditions.items()}

    def filed(self, assessment: Assessment, *, urgent: bool = False) -> tuple[FiledStage, ...]:
        """The route as values for one case. Raises DistrictUnknown where a needed stage lacks its office."""
        return tuple(self._filed(stage, assessment, urgent) for stage in self.stages)

    def shape(self, matter: str | None = None) -> list[dict[str, Any]]:
        """As `bot services --json` publishes it."""
        return [stage.shape(matter) for stage in self.stages]

    def _filed(self, stage: Stage, assessment: Assessment, urgent: bool) -> FiledStage:
        shorter = urgent and stage.kind is StageKind.REVIEW and stage.within.unit is Unit.WORKING_DAYS
        filed = FiledStage(
            kind=stage.kind,
            mode=stage.mode,
            acts=tuple(self._filed_act(act, assessment) for act in stage.acts),
            limit=Limit(min(stage.within.n, self.urgent.n) if shorter else stage.within.n, stage.within.unit),
            condition=stage.when.name if stage.when else None,
            needed=_outcome(stage.when, assessment),
            may_edit=stage.may_edit,
            body=str(stage.body),
        )
        return settle_district(filed, assessment.district)

    def _filed_act(self, act: Act, assessment: Assessment) -> FiledAct:
        in_charge = act.role in (Role.SECTION_CHIEF, Role.DEPUTY_DIRECTOR)
        return FiledAct(
            act.role,
            act.division or (self.owner if in_charge else None),
            act.when.name if act.when else None,
            _outcome(act.when, assessment),
        )


def settle_district(stage: FiledStage, district: Division | None) -> FiledStage:
    """The stage with the applicant's own district office in the place of "the district".

    Raises DistrictUnknown when the stage is needed and no district is known.
    """
    if all(act.division is not Division.DIS for act in stage.acts):
        return stage
    if district is None:
        if stage.applies:
            raise DistrictUnknown
        return stage
    own = (replace(a, division=district) if a.division is Division.DIS else a for a in stage.acts)
    return replace(stage, acts=tuple(own))


def _outcome(condition: Condition | None, assessment: Assessment) -> bool:
    return condition is None or assessment.outcomes[condition.name]


def _owner(stages: tuple[Stage, ...]) -> Division | None:
    chiefs = (a.division for s in stages for a in s.acts if a.role is Role.SECTION_CHIEF)
    return next((division for division in chiefs if division not in (None, Division.DIS)), None)


def _conditions(stages: tuple[Stage, ...]) -> Iterator[Condition]:
    for stage in stages:
        yield from (c for c in (stage.when, *(act.when for act in stage.acts)) if c is not None)


def _check(stages: tuple[Stage, ...]) -> None:
    if not any(stage.acts for stage in stages):
        raise UnreadableRoute("A route ends in a verdict: name at least one stage of an officer.")
    if not stages[0].acts:
        raise UnreadableRoute(
            "A case is received by an officer: the first stage can't be outside or published."
        )
    for place, stage in enumerate(stages):
        if stage.within.n <= 0:
            raise UnreadableRoute(f"Stage {place + 1} has no limit: say within=WorkingDays(…).")
        if stage.kind is not StageKind.REVIEW and not all(map(_decides, _before(stages, place))):
            raise UnreadableRoute(
                f"Stage {place + 1} leaves the office: a section chief or higher stands before it."
            )
        if stage.kind is StageKind.PUBLISHED and not any(map(_always, stages[place:])):
            raise UnreadableRoute("Time alone never approves: after a public notice an officer decides.")


def _before(stages: tuple[Stage, ...], place: int) -> Iterator[Stage]:
    """The stages from which a case may come to that place."""
    for stage in reversed(stages[:place]):
        if stage.acts:
            yield stage
        if stage.acts and stage.when is None:
            return


def _decides(stage: Stage) -> bool:
    return all(act.role.decides for act in stage.acts)


def _always(stage: Stage) -> bool:
    return stage.when is None and any(act.when is None for act in stage.acts)
