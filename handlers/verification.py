"""What a person reads who looks a letter up by its code, in the chat or on the office's page; nothing more."""

from __future__ import annotations

from locales import N_, show_date, translate
from storage.letters import LetterState, Verification

SENTENCES = {
    LetterState.VALID: N_("{number} is valid: {title}, signed on {date}, for {name}."),
    LetterState.REVOKED: N_(
        "{number} has been revoked and is no longer valid: {title}, signed on {date}, for {name}."
    ),
    LetterState.REPLACED: N_(
        "{number} has been replaced by a newer letter and is no longer valid: {title}, signed on {date}, for {name}."
    ),
}
UNKNOWN_CODE = N_(
    "No letter has this code. Compare it with the paper: ten letters and digits such as {example}, "
    "never 0, O, 1, I or L."
)
UNPRINTABLE = N_(
    "Our fonts do not have {signs}. You can go on; it will be written into the letter by hand. "
    "Or give another form of the name."
)
"""Told when a name is typed, of what `Press.missing_glyphs` found."""
EXAMPLE = "7KQ-MA4-XWPB"


def verification_text(verification: Verification | None, title: str, language: str) -> str:
    """One sentence on a letter that was looked up; `title` is its service's title in that language."""
    if verification is None:
        return translate(UNKNOWN_CODE, language, example=EXAMPLE)
    return translate(
        SENTENCES[verification.state],
        language,
        number=verification.number,
        title=title,
        date=show_date(verification.signed, language),
        name=verification.masked_name,
    )
