"""The command `bot`: finds the command's module and runs it, says faults in one line, never shows a traceback."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from bot import stopping
from bot.commandline import parse
from bot.commands import CommandFailed, WrongCommandLine, speech

DONE, FAILED, WRONG = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status. SystemExit after --help, or where the command line is wrong."""
    stopping.take_signals()
    speech.speak_utf8()
    try:
        options = parse(speech.words(sys.argv[1:] if arguments is None else arguments))
        status: int = import_module(f"bot.commands.{options.command}").run(options)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return _ended()
    except BrokenPipeError:
        return _unheard()
    except WrongCommandLine as error:
        speech.tell(f"bot: {error}")
        return WRONG
    except Exception as error:
        speech.tell(f"bot: {_fault(error)}")
        return FAILED
    return status


def _ended() -> int:
    """A signal ended it, as it should."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        return _unheard()
    return DONE


def _unheard() -> int:
    """Nobody reads any more (`bot services --json | head`): there is nobody to tell."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return DONE


def _fault(error: Exception) -> str:
    """One line. A fault that we did not foresee is told by type and place: its text may quote what somebody wrote."""
    from bot.settings import SettingsError  # noqa: PLC0415  # pydantic takes a while, and `bot key` needs none
    from storage.questions import ServiceFault  # noqa: PLC0415

    if isinstance(error, (CommandFailed, SettingsError)):
        return str(error)
    if isinstance(error, ServiceFault):
        return f"a service file: {error}"
    place, step = "", error.__traceback__
    while step is not None:
        place, step = f"{Path(step.tb_frame.f_code.co_filename).name}:{step.tb_lineno}", step.tb_next
    return f"this should not happen: {type(error).__name__} at {place}; `bot doctor` may know more"


if __name__ == "__main__":
    sys.exit(main())
