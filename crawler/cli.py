"""The `yiwen` command: the crawler's commands, and those of the archive."""

from __future__ import annotations

from importlib import import_module
from typing import cast

import click

from archive.cli import archive_commands
from archive.commands.options import plain_failures

# Where the crawler's commands are. Scrapy and the reader take a second to import, which a search need not wait for.
CRAWLER = {
    "add": "crawler.commands.crawl:add",
    "crawl": "crawler.commands.crawl:crawl",
    "demo": "crawler.demo.story:demo",
    "extract": "crawler.commands.extract:extract",
    "import": "crawler.commands.importing:import_command",
    "replay": "crawler.commands.replay:replay",
    "notify": "crawler.commands.notify:notify",
    "schedule": "crawler.commands.schedule:schedule",
    "sites": "crawler.commands.sites:sites",
}


_SENTENCE = 200  # characters


class Commands(click.Group):
    """The archive's commands, and the crawler's, each of which is loaded when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *CRAWLER})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in CRAWLER and cmd_name not in self.commands:
            self.add_command(_loaded(*CRAWLER[cmd_name].split(":")), cmd_name)
        return super().get_command(ctx, cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Each command with its whole first sentence, which click itself would cut off at the end of a line."""
        found = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.get_short_help_str(_SENTENCE)) for name, command in found if command])


@plain_failures  # as the command itself: Ctrl-C is most often pressed before it has begun
def _loaded(module: str, name: str) -> click.Command:
    return cast(click.Command, getattr(import_module(module), name))


@click.group(cls=Commands, commands=dict(archive_commands.commands))
@click.version_option(package_name="yiwen", message="%(prog)s %(version)s")
def yiwen() -> None:
    """Crawl Chinese-language health news into a versioned, searchable archive."""


def main() -> None:
    """The console script."""
    yiwen(prog_name="yiwen")


if __name__ == "__main__":
    main()
