"""PURE: what each event does to a case. The same fold makes the case and rebuilds it from its record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from storage.approval.case import CaseState, Event, Given, Pause, Refusal, Wait
from storage.approval.codes import UNSEEN, Kind, Reminder
from storage.approval.rights import RULES, lifted
from storage.approval.route import Assessment, FiledStage, settle_district
from storage.approval.status import Status, moved
from storage.approval.words import Mode, StageKind

Path = tuple[Status, ...]
Effect = tuple[CaseState, Path]


def rebuild(filed: CaseState, events: Iterable[Event]) -> CaseState:
    """The case as its record tells it, from how it was filed and its events in order."""
    case = filed
    for event in events:
        case = applied(case, event)[0]
    return case


def applied(case: CaseState, event: Event) -> Effect:
    """The case after the event, and the statuses through which it went. The event is taken as allowed."""
    after, path = _EFFECTS[event.kind](_recorded(case, event), event, (case.status,))
    version = case.version + (event.kind not in UNSEEN)
    return replace(after, status=path[-1], version=version, events=case.events + 1), path


def _recorded(case: CaseState, event: Event) -> CaseState:
    if not RULES[event.kind].judges:
        return case
    given = Given(event.kind, event.by, event.acting_for, event.stage, event.act, event.at)
    return replace(case, given=(*case.given, given))


def _approve(case: CaseState, event: Event, path: Path) -> Effect:
    done = case.done if event.act is None else (*case.done, event.act)
    stage = case.stage
    needed = {n for n, act in enumerate(stage.acts) if act.needed}
    complete = bool(done) if stage.mode is Mode.ANY else needed <= set(done)
    case = replace(case, done=done)
    return _onward(case, event, _taken_up(path)) if complete else (case, path)


def _onward(case: CaseState, event: Event, path: Path) -> Effect:
    """Past the present stage to the next that applies, or to the end of the route."""
    case = replace(case, passed=(*case.passed, case.place))
    if not case.ahead:
        return _begun(case, event), moved(path, Status.APPROVED)
    place = case.ahead[0]
    status = _STATUS_AT[case.route[place].kind]
    within = path[-1] is status and len(path) > 1
    return _begun(replace(case, place=place), event), path if within else moved(path, status)


_STATUS_AT: Final = {
    StageKind.REVIEW: Status.UNDER_REVIEW,
    StageKind.OUTSIDE: Status.OUTSIDE,
    StageKind.PUBLISHED: Status.PUBLISHED,
}


def _begun(case: CaseState, event: Event) -> CaseState:
    """A stage, or a status after the verdict, begins: its clock starts anew."""
    return replace(
        case,
        started_at=event.at,
        pauses=(),
        paused_since=None,
        done=(),
        refusal=None,
        wait=None,
        dispute=None,
        reminded=(),
        to_mend=(),
    )


def _taken_up(path: Path) -> Path:
    """The first officer of the route took the case up: what was received is under review."""
    return moved(path, Status.UNDER_REVIEW) if path[-1] is Status.RECEIVED else path


def _refuse(case: CaseState, event: Event, path: Path) -> Effect:
    verdict: Any = event.verdict
    refusal = Refusal(event.by, verdict.reason, verdict.text, event.at)
    return replace(case, refusal=refusal), _taken_up(path)


def _confirm(case: CaseState, event: Event, path: Path) -> Effect:
    return replace(_begun(case, event), refusal=case.refusal), moved(path, Status.REFUSED)


def _take_back(case: CaseState, _event: Event, path: Path) -> Effect:
    return replace(case, refusal=None), path


def _return(case: CaseState, event: Event, path: Path) -> Effect:
    verdict: Any = event.verdict
    paused = _paused(replace(case, to_mend=verdict.remarks, done=()), event)
    return paused, moved(path, Status.RETURNED)


def _paused(case: CaseState, event: Event) -> CaseState:
    mending = (Reminder.MEND_FIRST, Reminder.MEND_SECOND, Reminder.MEND_LAST)
    kept = tuple(what for what in case.reminded if what not in mending)
    return replace(case, paused_since=event.at, reminded=kept)


def _resumed(case: CaseState, event: Event) -> CaseState:
    pauses = case.pauses if case.paused_since is None else (*case.pauses, Pause(case.paused_since, event.at))
    return replace(case, pauses=pauses, paused_since=None, wait=None, to_mend=())


def _resubmit(case: CaseState, event: Event, path: Path) -> Effect:
    verdict: Any = event.verdict
    return _assessed(_resumed(case, event), verdict.assessment), moved(path, Status.UNDER_REVIEW)


def _amend(case: CaseState, event: Event, path: Path) -> Effect:
    verdict: Any = event.verdict
    return _assessed(replace(case, done=()), verdict.assessment), path


def _assessed(case: CaseState, found: Assessment) -> CaseState:
    """Conditions of stages not yet passed take their new outcome; one that no longer exists keeps its last."""
    route = tuple(
        stage if place in case.passed else settle_district(_judged(stage, found), found.district)
        for place, stage in enumerate(case.route)
    )
    appearing = case.appearing if found.appearing is None else tuple(sorted(set(found.appearing)))
    return replace(case, route=route, appearing=appearing)


def _judged(stage: FiledStage, found: Assessment) -> FiledStage:
    acts = tuple(
        replace(act, needed=found.outcomes.get(act.condition or "", act.needed)) for act in stage.acts
    )
    return replace(stage, acts=acts, needed=found.outcomes.get(stage.condition or "", stage.needed))


def _send_out(case: CaseState, event: Event, path: Path) -> Effect:
    verdict: Any = event.verdict
    wait = Wait(verdict.body, verdict.until, event.by)
    return _paused(replace(case, wait=wait), event), moved(_taken_up(path), Status.OUTSIDE)


def _reply(case: CaseState, event: Event, path: Path) -> Effect:
    verdict: Any = event.verdict
    path = moved(path, Status.UNDER_REVIEW)
    if case.wait is not None:
        return _resumed(case, event), path
    if verdict.agreed:
        return _onward(case, event, path)
    return _begun(_stepped_back(case), event), path


def _stepped_back(case: CaseState) -> CaseState:
    """To the stage of officers that was passed last."""
    place = next(place for place in reversed(case.passed) if case.route[place].acts)
    return replace(case, place=place, passed=case.passed[: case.passed.index(place)])


def _dispute(case: CaseState, event: Event, path: Path) -> Effect:
    verdict: Any = event.verdict
    return replace(case, dispute=verdict.text), path


def _settle(case: CaseState, _event: Event, path: Path) -> Effect:
    return replace(case, dispute=None), path


def _end_notice(case: CaseState, event: Event, path: Path) -> Effect:
    return _onward(case, event, moved(path, Status.UNDER_REVIEW))


def _hold(case: CaseState, event: Event, path: Path) -> Effect:
    verdict: Any = event.verdict
    wait = Wait("", verdict.until, event.by)
    return _paused(replace(case, wait=wait), event), moved(_taken_up(path), Status.ON_HOLD)


def _resume(case: CaseState, event: Event, path: Path) -> Effect:
    return _resumed(case, event), moved(path, Status.UNDER_REVIEW)


def _reopen(case: CaseState, event: Event, path: Path) -> Effect:
    return replace(_begun(case, event), objected_at=None), moved(path, Status.UNDER_REVIEW)


def _object(case: CaseState, event: Event, path: Path) -> Effect:
    return replace(case, objected_at=event.at), path


def _urge(case: CaseState, event: Event, path: Path) -> Effect:
    return replace(case, urged_at=event.at), path


def _remind(case: CaseState, event: Event, path: Path) -> Effect:
    verdict: Any = event.verdict
    return replace(case, reminded=(*case.reminded, verdict.what)), path


def _lift(case: CaseState, event: Event, path: Path) -> Effect:
    verdict: Any = event.verdict
    if case.refusal is not None:
        return replace(case, refusal=replace(case.refusal, lifted=case.refusal.lifted + 1)), path
    acts = list(case.stage.acts)
    acts[verdict.act] = lifted(acts[verdict.act], case)
    route = list(case.route)
    route[case.place] = replace(case.stage, acts=tuple(acts))
    return replace(case, route=tuple(route)), path


def _unchanged(case: CaseState, _event: Event, path: Path) -> Effect:
    return case, path


def _to(status: Status) -> Callable[[CaseState, Event, Path], Effect]:
    def effect(case: CaseState, event: Event, path: Path) -> Effect:
        return _begun(case, event), moved(path, status)

    return effect


_EFFECTS: Final[Mapping[Kind, Callable[[CaseState, Event, Path], Effect]]] = {
    Kind.APPROVE: _approve,
    Kind.REFUSE: _refuse,
    Kind.CONFIRM: _confirm,
    Kind.TAKE_BACK: _take_back,
    Kind.RETURN: _return,
    Kind.RESUBMIT: _resubmit,
    Kind.AMEND: _amend,
    Kind.SEND_OUT: _send_out,
    Kind.REPLY: _reply,
    Kind.DISPUTE: _dispute,
    Kind.SETTLE: _settle,
    Kind.END_NOTICE: _end_notice,
    Kind.HOLD: _hold,
    Kind.RESUME: _resume,
    Kind.WITHDRAW: _to(Status.WITHDRAWN),
    Kind.EXPIRE: _to(Status.EXPIRED),
    Kind.FULFIL: _to(Status.FULFILLED),
    Kind.CLOSE: _to(Status.CLOSED),
    Kind.REVOKE: _to(Status.REVOKED),
    Kind.ASK_REVOCATION: _unchanged,
    Kind.REPLACE: _to(Status.REPLACED),
    Kind.OBJECT: _object,
    Kind.REOPEN: _reopen,
    Kind.URGE: _urge,
    Kind.REMIND: _remind,
    Kind.LIFT: _lift,
}
