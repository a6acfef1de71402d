"""What keeps the reading room safe: a Content-Security-Policy, and no path of the machine in any answer."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from functools import cache
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from datasette.utils import tilde_decode

from archive.browse.archives import alone, archives

if TYPE_CHECKING:  # Datasette loads its plugins while it loads this
    from datasette.app import Datasette

_COMMON = "default-src 'none'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

# Our own pages have no script at all, and no style but the style sheet.
OWN_POLICY = f"{_COMMON}; style-src 'self'"

# Datasette's own pages (tables, SQL) have inline scripts, each allowed by its hash, so that no other script runs. They
# also have inline styles that differ from page to page (colours, names of columns), so inline styles must be allowed.
_DATASETTE_POLICY = _COMMON + "; style-src 'self' 'unsafe-inline'; connect-src 'self'; script-src 'self' {}"

_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_FACET = "{{ datasette_allow_facet }}"


def script_hashes(templates: Iterable[str]) -> tuple[str, ...]:
    """The CSP sources of the inline scripts in Datasette's templates; those with other variables are left out."""
    scripts = {script for template in templates for script in _INLINE.findall(template)}
    written = {script.replace(_FACET, value) for script in scripts for value in ("true", "false")}
    fixed = sorted(script for script in written if "{{" not in script and "{%" not in script)
    return tuple(f"'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}'" for s in fixed)


@cache
def datasette_policy(datasette: Datasette) -> str:
    """The policy for pages that are Datasette's own."""
    loader, environment = datasette.jinja_env.loader, datasette.jinja_env
    names = [name for name in environment.list_templates(extensions=["html"]) if name.startswith("default:")]
    return _DATASETTE_POLICY.format(" ".join(script_hashes(loader.get_source(environment, name)[0] for name in names)))


def guards(datasette: Datasette, path: str) -> bool:
    """Whether this path belongs to an archive, and so is ours to guard; other databases are left as they are."""
    if alone(datasette):
        return True
    base = datasette.setting("base_url")
    first = tilde_decode(path.removeprefix(base).lstrip("/").partition("/")[0].partition(".")[0])
    return first in {datasette.databases[name].route for name in archives(datasette)}


def guarded(datasette: Datasette, application: Any) -> Any:
    """The application, its answers about archives with the headers that keep a reader safe."""

    async def wrapped(scope: dict, receive: Any, send: Any) -> None:
        async def send_guarded(message: dict) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": with_headers(message["headers"], datasette_policy(datasette))}
            await send(message)

        ours = scope["type"] == "http" and guards(datasette, scope["path"])
        await application(scope, receive, send_guarded if ours else send)

    return wrapped


def with_headers(headers: Iterable[Iterable[bytes]], policy: str) -> list[tuple[bytes, bytes]]:
    """`headers` with ours; a policy that is there already stays."""
    given: list[tuple[bytes, bytes]] = [(bytes(name), bytes(value)) for name, value in headers]
    names = {name.lower() for name, _ in given}
    ours = {
        b"content-security-policy": policy.encode("ascii"),
        b"x-content-type-options": b"nosniff",
        b"referrer-policy": b"same-origin",
    }
    return _vary(given) + [(name, value) for name, value in ours.items() if name not in names]


def _vary(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Every page is in the reader's language, Datasette's own too, since ours frame them: no cache may mix them."""
    also = b", Accept-Language"
    return [
        (name, value + also if name.lower() == b"vary" and also[2:].lower() not in value.lower() else value)
        for name, value in headers
    ]


def without_paths(databases: Iterable[dict], ours: Iterable[str]) -> list[dict]:
    """What Datasette tells of its databases, the archives without the folder they lie in."""
    hidden = set(ours)
    return [
        {**one, "path": PurePath(one["path"]).name} if one["name"] in hidden and one["path"] else one
        for one in databases
    ]


_FOLDERS = re.compile(r"(?<![\w.-])/(?:[^/\s'\"<>]+/)+")


def without_folders(text: str) -> str:
    """`text` with every absolute path shortened to the file's name."""
    return _FOLDERS.sub("", text)
