"""`bot key`: a new data key."""

from __future__ import annotations

from argparse import Namespace

from bot.commands.speech import say
from storage.data_key import generate


def run(_options: Namespace) -> int:
    """Print 32 random bytes in base64."""
    say(generate())
    return 0
