"""`bot demo`: the whole bot on one address of this machine, with nothing to set up."""

from __future__ import annotations

import asyncio
import sys
from argparse import Namespace

from bot import logs
from bot.commands import CommandFailed, WrongCommandLine
from bot.commands.speech import say
from bot.demo import Options, demo
from bot.transcripts.player import play


def run(options: Namespace) -> int:
    """Run until Ctrl-C. Raises CommandFailed where the port is taken or the folder can't be written."""
    if options.play is not None and not options.play.is_file():
        raise WrongCommandLine(f"--play: there is no file {options.play}")
    logs.configure("WARNING")
    wanted = Options(port=options.port, data=options.data, fresh=options.fresh, play=options.play)
    try:
        return asyncio.run(demo(wanted, _say_now, play))
    except OSError as error:
        raise CommandFailed(_fault(error, options.port)) from error


def _fault(error: OSError, port: int) -> str:
    if error.filename is not None:
        return f"--data: {error.filename} can't be used ({error.strerror}); name another folder"
    return f"--port: {port} can't be used ({error.strerror}); name another one"


def _say_now(line: str) -> None:
    say(line)
    sys.stdout.flush()
