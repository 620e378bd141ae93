"""The questions that every service has around its own: nothing secret, who applies, and the truth of it all."""

from __future__ import annotations

from functools import cache
from typing import Annotated

from locales import N_
from storage.conditions import Answers, Facts, condition
from storage.forms import Audience, Form, Service
from storage.kinds import Email, NotSecret, Organisation, Phone, Truth
from storage.questions import Ask, Question, question_of

_ORGANISED = {Audience.HOST, Audience.BUREAU, Audience.NGO}
"""Audiences that apply for a body and not for themselves."""


@condition(N_("The applicant acts for a bureau or is on the office's staff."))
def is_official(_answers: Answers, facts: Facts) -> bool:
    return not facts.audiences or bool({Audience.BUREAU, Audience.CADRE} & facts.audiences)


class Implied(Form):
    """Columns of every case; services need not name them."""

    not_secret: Annotated[
        NotSecret | None,
        Ask(
            N_("Is it sure that nothing you send here is a state secret or a work secret?"),
            hint=N_(
                "Texts and files marked secret or internal go through the sealed channel, never through this chat."
            ),
            label=N_("No secrets"),
            when=is_official,
        ),
    ] = None
    applicant_name: Annotated[
        str | None,
        Ask(
            N_("What is your name?"),
            hint=N_("As the office should address you."),
            label=N_("Applicant"),
            profile="applicant_name",
            section=N_("Who applies"),
            at_least=2,
            at_most=60,
            find=True,
        ),
    ] = None
    applicant_phone: Annotated[
        Phone | None,
        Ask(
            N_("At which telephone number can the office reach you?"),
            hint=N_("With the country code, for example +49 30 901820."),
            label=N_("Telephone"),
            profile="applicant_phone",
        ),
    ] = None
    applicant_email: Annotated[
        Email | None,
        Ask(
            N_("Your e-mail address?"),
            hint=N_("For example anna@example.org."),
            label=N_("E-mail"),
            profile="applicant_email",
            optional=True,
        ),
    ] = None
    applicant_organisation: Annotated[
        Organisation | None,
        Ask(
            N_("For which organisation do you apply?"),
            hint=N_("Its name and its unified social credit code, in one message."),
            label=N_("Organisation"),
            profile="applicant_organisation",
            find=True,
        ),
    ] = None
    applicant_post: Annotated[
        str | None,
        Ask(
            N_("Your post there?"),
            hint=N_("For example: officer for foreign affairs."),
            label=N_("Post"),
            profile="applicant_post",
            optional=True,
            at_least=1,
            at_most=60,
        ),
    ] = None
    truth: Annotated[
        Truth | None,
        Ask(
            N_("Is all of this true and complete? False data has consequences."),
            label=N_("True and complete"),
            section=N_("Declaration"),
        ),
    ] = None


@cache
def before(service: type[Service]) -> tuple[Question, ...]:
    """The implied questions that stand before a service's own."""
    names = ["not_secret"] if service.asks_not_secret() else []
    if service.asks_contact:
        names += ["applicant_name", "applicant_phone", "applicant_email"]
        if _ORGANISED & set(service.audiences):
            names += ["applicant_organisation", "applicant_post"]
    return tuple(_implied(name) for name in names)


@cache
def after(service: type[Service]) -> tuple[Question, ...]:
    """The implied questions that stand after a service's own."""
    return (_implied("truth"),) if service.asks_contact else ()


def _implied(name: str) -> Question:
    question = question_of(Implied, name)
    if question is None:
        raise KeyError(name)
    return _required(question) if not question.ask.optional else question


def _required(question: Question) -> Question:
    """Nullable in the table of cases, yet asked of every applicant."""
    return Question(question.field, question.attribute, question.kind, question.ask, nullable=False)
