"""`yiwen diff`: two versions of an article compared, on a terminal, as data or as a page."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from archive.commands.options import archive_option, json_option, plain_failures, print_json
from archive.commands.show import Printer
from archive.errors import UsageError, YiwenError
from archive.history.diff import diff as diff_texts
from archive.history.diff import diff_as_data, kinds_of_change, word_spans
from archive.store import Archive, read


@click.command()
@click.argument("url")
@click.argument("a", type=click.IntRange(1), required=False)
@click.argument("b", type=click.IntRange(1), required=False)
@click.option("--html", "as_html", is_flag=True, help="A page by itself, to be sent or printed, as HTML.")
@click.option(
    "--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Its words, with --html."
)
@archive_option
@json_option
@plain_failures
def diff(url: str, a: int | None, b: int | None, as_html: bool, lang: str, archive_path: Path, as_json: bool) -> None:
    """Compare versions A and B of an article; without them, the newest two.

    With --html it is the comparison of the reading room in one file, without scripts: yiwen diff URL --html > page.html
    """
    if as_html and as_json:
        raise UsageError("--html and --json exclude each other; give one of them")
    with Archive.open(archive_path) as archive:
        article = read.unredacted(archive.db, url)
        last = len(read.versions(archive.db, article["id"]))
        if last == 1 and a is None:
            raise YiwenError(f"{url}: the archive has one version only; there is nothing to compare")
        first, second = (a or last - 1, b or last) if a is None or b else (a, last)
        old, new = (read.version(archive.db, article["id"], number) for number in (first, second))
    if as_html:
        _print_html(article, old, new, lang)
    elif as_json:
        print_json({"url": article["url"], "a": first, "b": second, **diff_as_data(old, new)})
    else:
        _print(old, new)


def _print(old: dict, new: dict) -> None:
    title = tuple(word_spans(old["title"], new["title"]))
    kinds = kinds_of_change(old["title"], old["text"], new["title"], new["text"])
    Printer().diff(old, new, kinds, title, diff_texts(old["text"], new["text"]))


def _print_html(article: dict, old: dict, new: dict, lang: str) -> None:
    from archive.browse.standalone import difference_page  # not above: it loads Datasette, which no other form needs

    sys.stdout.buffer.write(difference_page(article, old, new, lang).encode())
