"""The `yiwen` command: the crawler's commands, and those of the archive."""

from __future__ import annotations

from importlib import import_module

import click

from archive.cli import archive_commands

# Where the crawler's commands are. Scrapy and the reader take a second to import, which a search need not wait for.
CRAWLER = {
    "add": "crawler.crawl_commands:add",
    "crawl": "crawler.crawl_commands:crawl",
    "demo": "crawler.demo.story:demo",
    "extract": "crawler.extract:extract",
    "import": "crawler.import_command:import_command",
    "replay": "crawler.replay_command:replay",
    "notify": "crawler.notify_command:notify",
    "schedule": "crawler.schedule_command:schedule",
    "sites": "crawler.sites_command:sites",
}


class Commands(click.Group):
    """The archive's commands, and the crawler's, each of which is loaded when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *CRAWLER})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in CRAWLER and cmd_name not in self.commands:
            module, _, name = CRAWLER[cmd_name].partition(":")
            self.add_command(getattr(import_module(module), name), cmd_name)
        return super().get_command(ctx, cmd_name)


@click.group(cls=Commands, commands=dict(archive_commands.commands))
@click.version_option(package_name="yiwen", message="%(prog)s %(version)s")
def yiwen() -> None:
    """Crawl Chinese-language health news into a versioned, searchable archive."""


def main() -> None:
    """The console script."""
    yiwen(prog_name="yiwen")


if __name__ == "__main__":
    main()
