"""One conversation from the first message to the letter, step by step, for tests that disturb it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from bot.simulator.handset import Phone, text_of
from bot.transcripts.papers import paper
from tests.bot.processed import APPLICANT, CHIEF, DESK, DIRECTOR, Office

TYPED_SECRETS = (
    "C01X0CAN7",
    "23 July 1961",
    "Kingfisherling",
    "Quinsyberry",
    "X8800417",
    "9 November 1958",
    "Marmosetish",
)
"""The secret answers that are typed in the story. Tapped is the ward, sent is a file, both named after birds too."""


@dataclass(frozen=True)
class Step:
    """What one person does, and a part of what they then see. `[label]` is a tap, `<name>` a file."""

    who: int
    does: str
    sees: str
    on: str = ""
    """Part of the message whose button is tapped: the same card may have come twice, and only the last be redrawn."""

    async def act(self, phone: Phone) -> None:
        """Do it once."""
        if self.does.startswith("["):
            await phone.tap(self.does[1:-1], self.message_to_tap(phone))
        elif self.does.startswith("<") and self.does.endswith(">"):
            await phone.send_file(paper(self.does[1:-1]), self.does[1:-1])
        else:
            await phone.send(self.does)

    def message_to_tap(self, phone: Phone) -> int | None:
        """The newest message that offers the button."""
        for message in reversed(phone.messages()):
            if self.on in text_of(message) and self.does[1:-1] in phone.buttons(message=message):
                return int(message["message_id"])
        return None


FORM = (
    Step(APPLICANT, "/start sealed_visit", "Sealed visit"),
    Step(APPLICANT, "[Begin]", "What we keep about you"),
    Step(APPLICANT, "[Agree]", "What is the visit about?"),
    Step(APPLICANT, "Talks on bridges", "Your passport number?"),
    Step(APPLICANT, "C01X0CAN7", "Your birthday?"),
    Step(APPLICANT, "23 July 1961", "Which ward?"),
    Step(APPLICANT, "[Zebrafinch ward]", "Another name of yours?"),
    Step(APPLICANT, "Kingfisherling", "Are you ill?"),
    Step(APPLICANT, "[Yes]", "Which illness?"),
    Step(APPLICANT, "Quinsyberry", "The companion's name?"),
    Step(APPLICANT, "MEYER, Jonas", "The companion's passport?"),
    Step(APPLICANT, "X8800417", "The companion's birthday?"),
    Step(APPLICANT, "9 November 1958", "Anything about the companion?"),
    Step(APPLICANT, "Marmosetish", "Who comes with you?"),
    Step(APPLICANT, "[These are all]", "A scan of your passport?"),
    Step(APPLICANT, "<Heronry.pdf>", "So far"),
    Step(APPLICANT, "[These are all]", "When do you arrive?"),
    Step(APPLICANT, "1 July 2027", "Check your answers"),
)
SENDING = (Step(APPLICANT, "[Send to the office]", "We have received your request"),)
RETURNING = (
    Step(DESK, "[Return for correction]", "Which answers are to be corrected"),
    Step(DESK, "[Subject]", "Which answers are to be corrected"),
    Step(DESK, "[These are all]", "what is to be mended"),
    Step(DESK, "Which bridges are meant?", "Return it to the applicant?"),
    Step(DESK, "[Return it]", "Last: Desk, Return"),
    Step(APPLICANT, "[Correct it now]", "What is the visit about?"),
    Step(APPLICANT, "Talks on the bridges of the Hun", "Check your corrections"),
    Step(APPLICANT, "[Send to the office]", "is back with the office"),
)
APPROVAL = (
    Step(DESK, "[Approve]", "Last: Desk, Approve", on="stage 1 of 3"),
    Step(CHIEF, "[Approve]", "Last: Chief, Approve", on="stage 2 of 3"),
    Step(DIRECTOR, "[Approve]", "it can't be undone", on="stage 3 of 3"),
    Step(DIRECTOR, "[Approve and sign]", "Last: Director, Approve"),
)
AGAIN = Step(DESK, "[Approve]", "Last: Desk, Approve", on="the corrections are in")
WHOLE = (*FORM, *SENDING, *RETURNING, AGAIN, *APPROVAL[1:])


async def perform(office: Office, *steps: Step, patience: float = 15.0) -> None:
    """Step by step; each is done once, and waits for what it should bring."""
    for step in steps:
        phone = office.people[step.who]
        if step.does.startswith("["):
            await phone.wait_for(step.message_to_tap, patience)
        already = len(office.phones.said)
        await step.act(phone)
        await phone.wait_for(partial(_saw, part=step.sees, since=already), patience)


def _saw(phone: Phone, part: str, since: int) -> bool:
    return any(
        part in text_of(message) for message in phone.client.said[since:] if message["chat"]["id"] == phone.id
    )
