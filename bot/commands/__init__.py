"""The commands, one module each with `run(options) -> int`; imported when its command is called.

`bot.commandline` says how each is written. A command prints its result on standard output and all else on
standard error; the exit status is 0 done, 1 it failed and says why in one line, 2 the command line was wrong.
"""


class CommandFailed(Exception):
    """The command can't do what it was asked for: one line that says why and what to do."""


class WrongCommandLine(Exception):
    """What was written on the command line can't be meant: one line that says what to write."""
