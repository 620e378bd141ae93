"""`bot services`: what the office offers, in the shape that web sites and other front ends read."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable
from typing import Any

from bot.commands.speech import say, say_json
from locales import Message, translate
from storage import implied
from storage.forms import Audience, Letter, Matter, Service
from storage.kinds.attachments import USUAL, FileKind
from storage.kinds.choices import ChoiceKind, ChoicesKind
from storage.kinds.kind import Context, Control, Kind
from storage.kinds.reading import known_language
from storage.questions import Question, questions_of, row_questions
from storage.services import services


def run(options: Namespace) -> int:
    """List the services, with `--json` in full."""
    language = known_language(options.language)
    if options.json:
        say_json([shape(service, language) for service in services().values()], indent=1)
        return 0
    for name, service in services().items():
        say(f"{name}\t{translate(service.title, language)}")
    return 0


def shape(service: type[Service], language: str) -> dict[str, Any]:
    """One service as `interfaces.md` gives it; texts in the reader's language."""
    questions = (*implied.before(service), *questions_of(service), *implied.after(service))
    own = service.route.shape() if hasattr(service, "route") else []
    matters = [_matter(matter, language) for matter in service.matter_forms]
    return {
        "id": service.form_id(),
        "title": translate(service.title, language),
        "duty": service.duty,
        "audience": [one.value for one in Audience if one in service.audiences],
        "questions": _questions(questions, language),
        "route": [*own, *(stage for matter in matters for stage in matter["route"])],
        "letter": _letter(service.letter),
        "matters": matters,
    }


def _matter(matter: type[Matter], language: str) -> dict[str, Any]:
    return {
        "id": matter.form_id(),
        "title": translate(matter.title, language),
        "questions": _questions(questions_of(matter), language),
        "route": matter.route.shape(matter.form_id()),
        "letter": _letter(matter.letter),
    }


def _letter(letter: Letter | None) -> dict[str, str] | None:
    return None if letter is None else {"mark": letter.mark}


def _questions(questions: Iterable[Question], language: str) -> list[dict[str, Any]]:
    return [_question(question, language) for question in questions]


def _question(question: Question, language: str) -> dict[str, Any]:
    kind = question.kind
    return {
        "field": question.field,
        "kind": getattr(kind, "type_name", kind.name),
        "text": translate(question.ask.text, language),
        "hint": _words(question.ask.hint, language),
        "required": not question.skippable,
        "conditional": question.ask.when is not None,
        "secret": question.secret,
        "choices": _choices(kind, language),
        "limits": _limits(kind),
        "rows": _questions(row_questions(question), language),
    }


def _limits(kind: Kind) -> dict[str, Any]:
    if isinstance(kind, FileKind):
        return {"min": kind.least, "max": kind.most, "accepts": list(kind.accepts or USUAL)}
    return {"min": kind.at_least, "max": kind.at_most, "accepts": list(kind.accepts)}


def _words(message: Message | None, language: str) -> str | None:
    return None if message is None else translate(message, language)


def _choices(kind: Kind, language: str) -> list[dict[str, Any]]:
    """A service's own list, and the few buttons of a kind; the world's countries are the kind's to know."""
    if not isinstance(kind, ChoiceKind | ChoicesKind) and kind.control is not Control.BUTTONS:
        return []
    offered = kind.options(Context(language=language))
    one = kind.dump if not isinstance(kind, ChoicesKind) else lambda value: value.code
    return [{"value": one(offer.value), "label": offer.label} for offer in offered]
