"""`bot audit verify`: proves that nothing was changed past the audit trail."""

from __future__ import annotations

from argparse import Namespace

from bot.commands import ground
from bot.commands.speech import say
from bot.settings import Settings
from storage.audit_proof import Proof, prove


def run(_options: Namespace) -> int:
    """Say what was found; 1 where the trail is broken."""
    with ground.opened(Settings.load()) as database:
        proof = database.look(prove)
    for line in _lines(proof):
        say(line)
    return 0 if proof.whole else 1


def _lines(proof: Proof) -> list[str]:
    chain = f"{proof.entries} entries, " + (
        "each bound to the one before" if proof.broken is None else f"broken at entry {proof.broken}"
    )
    altered = [f"{number}: altered, not as the trail left it" for number in proof.altered]
    return [chain, *altered, *(f"{number}: wiped" for number in proof.wiped)]
