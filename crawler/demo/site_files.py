"""The site files of the sample hosts, as a person would write them."""

from __future__ import annotations

_DAWN = """\
name = "晨光健康网"
name_en = "Dawn Health (sample)"
home = "{base}/"
jurisdiction = "CN"
script = "Hans"
article = '{pattern}/(?:news|zx|gov|dir|portal|old|private|traps)/[\\w/.-]+\\.s?html'
delay = 0
concurrency = 4
confirm_withdrawal_after = "6h"
attachments = true

[[list]]
url = "{base}/list.html"
link = "ul.news a"
pages = "{base}/list_{{n}}.html"
first_page = 2
max_pages = 2

[[list]]
url = "{base}/sitemap.xml"
kind = "sitemap"
"""

_HARBOUR = """\
name = "海港日報"
name_en = "Harbour Daily (sample)"
home = "{base}/"
jurisdiction = "HK"
script = "Hant"
article = '{pattern}/(?:hk|tw|local|press)/[\\w/.-]+(?:\\.html|\\?id=\\d+)'
delay = 0
concurrency = 4
confirm_withdrawal_after = "6h"

[[list]]
url = "{base}/rss.xml"
kind = "feed"

[[list]]
url = "{base}/list.html"
link = "#newslist a.t"
"""


def site_file(host: str, base: str) -> str:
    """The TOML of a host's site file; `base` is the host's address without a path."""
    text = {"dawn": _DAWN, "harbour": _HARBOUR}[host]
    return text.format(base=base, pattern=base.removeprefix("http://").replace(".", r"\."))
