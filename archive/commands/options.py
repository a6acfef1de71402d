"""What several commands share on the command line: options, plain errors, JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import datetime
from functools import update_wrapper
from pathlib import Path
from typing import Any

import click

from archive.clock import parse_moment
from archive.commands.stopping import Stopped, stoppable
from archive.errors import UsageError, YiwenError
from archive.text import inert, inert_json

DEFAULT_ARCHIVE = Path("data/archive.db")

archive_option = click.option(
    "--archive",
    "archive_path",
    type=click.Path(dir_okay=False, path_type=Path),
    default=DEFAULT_ARCHIVE,
    show_default=True,
    help="The archive's file; captures.db lies beside it.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print data instead of text.")


class Moment(click.ParamType):
    """A date or a time; a date alone is the end of that day in Asia/Shanghai, or with `start` its beginning."""

    name = "time"

    def __init__(self, *, end_of_day: bool = True) -> None:
        self._end_of_day = end_of_day

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            return parse_moment(value, end_of_day=self._end_of_day)
        except UsageError as error:
            self.fail(str(error), param, ctx)


now_option = click.option(
    "--now",
    type=Moment(end_of_day=False),
    metavar="TIME",
    help="Take this as the clock (for demonstrations and tests); the default is the real one.",
)


def plain_failures(command: Callable[..., Any]) -> Callable[..., Any]:
    """Print our own errors as one line on standard error; exit 2 for wrong usage, 1 for the rest.

    So too for Ctrl-C and SIGTERM, with 130 and 143.
    """

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        try:
            with stoppable():
                return command(*args, **kwargs)
        except Stopped as stop:
            complain(stop)
            sys.exit(stop.code)
        except UsageError as error:
            complain(error)
            sys.exit(2)
        except YiwenError as error:
            complain(error)
            sys.exit(1)

    return update_wrapper(wrapped, command)


def print_json(value: object) -> None:
    """`value` as readable JSON."""
    click.echo(inert_json(json.dumps(value, ensure_ascii=False, indent=2)))


def complain(what: object) -> None:
    """A line on standard error. What pages and servers say of themselves may stand in it."""
    click.echo(f"yiwen: {inert(str(what))}", err=True)
