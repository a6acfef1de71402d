"""`yiwen demo`: three days of the sample sites, told with the same commands that a user has."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from archive.store import Archive
from crawler.demo.server import SampleSites

FIRST_DAY = datetime(2026, 11, 20, 1, tzinfo=UTC)
DAYS = 3


@click.command()
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("data/demo"),
    show_default=True,
    help="Where the demonstration writes; what was there before is replaced.",
)
def demo(folder: Path) -> None:
    """Crawl the bundled sample sites over three days, offline, and show what the archive makes of it."""
    shutil.rmtree(folder, ignore_errors=True)
    sites, archive = folder / "sites", folder / "archive.db"
    sites.mkdir(parents=True)
    story = _Story(sites, archive)
    with SampleSites(day=1) as servers:
        servers.write_site_files(sites)
        for day in range(1, DAYS + 1):
            servers.day = day
            story.crawl(day)
    story.tell()


class _Story:
    """Runs the `yiwen` command and shows each command line with what it prints."""

    def __init__(self, sites: Path, archive: Path) -> None:
        self._sites, self._archive = sites, archive

    def crawl(self, day: int) -> None:
        """One run over both sites; from the second day on every known article is asked for again."""
        now = FIRST_DAY + timedelta(days=day - 1)
        click.secho(f"\nDay {day}, {now:%Y-%m-%d}", bold=True)
        again = ["--recheck"] if day > 1 else []
        self._show("crawl", *again, "--sites", str(self._sites), "--now", now.isoformat())

    def tell(self) -> None:
        """An edit as a diff, one search in both scripts, and where to read on."""
        changed = self._query("SELECT url FROM changes WHERE kinds LIKE 'figures%' ORDER BY id LIMIT 1")
        click.secho("\nA figure that was changed after publication", bold=True)
        self._show("diff", changed)
        click.secho("\nAn article that was withdrawn, and what happened to it", bold=True)
        self._show("history", self._query("SELECT url FROM articles WHERE status = 'withdrawn' LIMIT 1"))
        for script, words in (("simplified", "县域内就诊率"), ("traditional", "縣域內就診率")):
            click.secho(f"\nA search in {script} characters", bold=True)
            self._show("search", words, "--limit", "3")
        click.secho("\nThe archive in a browser", bold=True)
        click.echo(f"  {_command()} browse --archive {shlex.quote(str(self._archive))}")

    def _query(self, sql: str) -> str:
        with Archive.open(self._archive) as archive:
            return str(archive.db.execute(sql).fetchone()[0])

    def _show(self, *arguments: str) -> None:
        arguments = (*arguments, "--archive", str(self._archive))
        click.secho(f"$ yiwen {shlex.join(arguments)}", dim=True)
        sys.stdout.flush()
        if subprocess.run([sys.executable, "-m", "crawler", *arguments], check=False).returncode:
            raise click.ClickException("the command above failed, so the demonstration ends here")


def _command() -> str:
    """How this program can be called again from the folder the user is in."""
    script = Path(sys.argv[0])
    return "yiwen" if shutil.which("yiwen") else str(script)
