"""The reading room: a Datasette plugin. Only the hooks are here; each hands over to a module of the package."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from datasette import hookimpl
from datasette.utils.asgi import Forbidden, Request

from archive.browse import archives, contents, failures, guard, listing, pages, spreadsheets, wiring

if TYPE_CHECKING:  # Datasette loads its plugins while it loads this
    from datasette.app import Datasette


@hookimpl(trylast=True)  # after Datasette's own escape_fts, which it replaces
def prepare_connection(conn: sqlite3.Connection, database: str) -> None:
    """Archives only: search in both scripts, read only, and no path shown."""
    if archives.is_archive(conn):
        archives.prepare(conn)


@hookimpl
def startup(datasette: Datasette) -> None:
    """Mend what Datasette makes of an archive's foreign keys, of further pages of its tables, and of their counts."""
    for name in archives.archives(datasette):
        archives.name_foreign_keys(datasette.databases[name])
        archives.follow_indexes(datasette.databases[name])
        archives.count_what_is_shown(datasette.databases[name])


@hookimpl
def get_metadata(datasette: Datasette) -> dict[str, Any]:
    """Descriptions of tables and columns."""
    return contents.metadata(archives.archives(datasette))


@hookimpl
def canned_queries(datasette: Datasette, database: str) -> dict[str, Any]:
    """Queries to begin with."""
    return contents.canned_queries() if database in archives.archives(datasette) else {}


@hookimpl
def permission_allowed(datasette: Datasette, action: str, resource: Any) -> bool | None:
    """Close the view that only the full-text index needs."""
    closed = action == "view-table" and resource[1] in contents.CLOSED and resource[0] in archives.archives(datasette)
    return False if closed else None


@hookimpl
def register_routes(datasette: Datasette) -> list[tuple[str, Any]]:
    """Our own pages."""
    return pages.routes(datasette)


@hookimpl
def asgi_wrapper(datasette: Datasette) -> Any:
    """The security headers, and CSV that calculates nothing."""
    return lambda application: guard.guarded(datasette, spreadsheets.of_archives(datasette, application))


@hookimpl
def prepare_jinja2_environment(env: Any, datasette: Datasette) -> None:
    """Our templates for an archive's tables, whatever the archive is called."""
    env.loader = wiring.with_templates(env.loader, archives.archives(datasette))


@hookimpl
def extra_template_vars(datasette: Datasette, request: Request | None, database: str | None, view_name: str) -> Any:
    """What our templates of Datasette's own pages need."""
    if request is None or database not in archives.archives(datasette):
        return {}
    return listing.variables(datasette, request, database, view_name)


@hookimpl
def extra_css_urls(datasette: Datasette, database: str | None) -> list[str]:
    """Our style sheet for Datasette's own pages of an archive."""
    ours = database in archives.archives(datasette)
    return [f"/-/static-plugins/yiwen/{name}.css" for name in ("frame", "tables")] if ours else []


@hookimpl(wrapper=True)
def handle_exception(datasette: Datasette, request: Request, exception: Exception) -> Generator[None, list, list]:
    """An error page of ours."""
    others = yield
    return failures.answers(datasette, request, exception, others)


@hookimpl
def forbidden(datasette: Datasette, request: Request, message: str) -> Any:
    """The same for what is closed."""
    return failures.answer(datasette, request, Forbidden(message))


@hookimpl
def menu_links(datasette: Datasette) -> list[dict[str, str]]:
    """The reading rooms, from every page of Datasette."""
    return wiring.menu(datasette)
