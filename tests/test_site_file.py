"""Site files: the least that works, everything a file may say, and what each mistake is answered with."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from archive.errors import UsageError
from crawler.site.file import REQUIRED, SiteError, load_site
from crawler.site.folder import load_sites, read_folder
from crawler.site.model import Listing, Site

LEAST = """
name = "晨光健康网"
home = "https://www.dawn.example/"
jurisdiction = "CN"
article = 'dawn\\.example/news/\\d+\\.html'
[[list]]
url = "https://www.dawn.example/list.html"
"""


def write(folder: Path, text: str, name: str = "dawn.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def faults(folder: Path, text: str, name: str = "dawn.toml") -> list[str]:
    with pytest.raises(SiteError) as caught:
        load_site(write(folder, text, name))
    return str(caught.value).splitlines()


def test_six_lines_make_a_site(tmp_path: Path) -> None:
    site = load_site(write(tmp_path, LEAST))
    assert (site.id, site.name, site.home) == ("dawn", "晨光健康网", "https://www.dawn.example/")
    assert site.lists == (Listing("https://www.dawn.example/list.html"),)
    assert site.objection("https://www.dawn.example/news/7.html") is None
    assert (site.enabled, site.delay, site.concurrency) == (True, 2.0, 1)
    assert site.confirm_withdrawal_after == timedelta(hours=6)
    assert site.named_hosts == frozenset()


def test_a_file_may_say_everything_at_once(tmp_path: Path) -> None:
    site = load_site(
        write(
            tmp_path,
            """
name = "海港衞生報"
name_en = "Harbour Health"
home = "https://harbour.example/"
jurisdiction = "HK"
script = "Hant"
article = 'harbour\\.example/(?:zh|tc)/\\d{8}/\\w+\\.htm'
deny = '/en/|[?&]print='
enabled = false
reason = "moves to a new host in December"
schedule = "30 6,18 * * Mon-Fri"
delay = 0.5
concurrency = 4
confirm_withdrawal_after = "2d"
examples = ["https://harbour.example/tc/20261103/flu.htm"]

[[list]]
url = "https://harbour.example/tc/list.htm"
link = "ul.news > li a"
pages = "https://harbour.example/tc/list_{n}.htm"
first_page = 1
max_pages = 3

[[list]]
kind = "feed"
url = "https://harbour.example/tc/rss.xml"

[[list]]
kind = "sitemap"
url = "https://harbour.example/news-sitemap.xml.gz"
""",
            "harbour_health.toml",
        )
    )
    assert site.id == "harbour_health"
    assert (site.script, site.enabled, site.reason) == ("Hant", False, "moves to a new host in December")
    assert (site.schedule, site.delay, site.concurrency) == ("30 6,18 * * mon-fri", 0.5, 4)
    assert site.confirm_withdrawal_after == timedelta(days=2)
    assert site.deny is not None and site.deny.search("https://harbour.example/tc/20261103/flu.htm?print=1")
    assert [listing.kind for listing in site.lists] == ["html", "feed", "sitemap"]
    page = site.lists[0]
    assert (page.link, page.first_page, page.max_pages) == ("ul.news > li a", 1, 3)


def test_a_file_saved_by_notepad_is_read(tmp_path: Path) -> None:
    path = tmp_path / "dawn.toml"
    path.write_bytes(b"\xef\xbb\xbf" + LEAST.replace("\n", "\r\n").encode())
    assert load_site(path).name == "晨光健康网"


# One wrong line each: what is put above (or, from "[[list]]" on, below) the least that works, and what the error names.
WRONG_KEYS = [
    ("dealy = 2", "dealy", "did you mean delay"),
    ('url = "https://x.example/"', "url", "move it below a [[list]]"),
    ('[[list]]\nurl = "https://a.example/"\ndelay = 3', "list 2: delay", "move it above the first [[list]]"),
    ('[[list]]\nurl = "https://a.example/"\nlinks = "a"', "list 2: links", "did you mean link?"),
    ('[[list]]\nkind = "feed"', "list 2: url", "is missing"),
    ("[expect]\nlink = 3", "expect: link", "did you mean links?"),
    ("[[expect]]\nlinks = 3", "expect", "write [expect], in single brackets, once"),
]
WRONG_VALUES = [
    ("[expect]\nlinks = -1", "expect: links", "a whole number from 0"),
    ("[expect]\ntext = 90", "expect: text", "a share from 0 to 1"),
    ("[expect]\ndate = true", "expect: date", "a share from 0 to 1"),
    ("[expect]\nnewest = 14", "expect: newest", '"30m", "6h" or "2d"'),
    ("name_en = 3", "name_en", "is 3, not text"),
    ('name_en = " "', "name_en", "is empty"),
    ('script = "zh-Hant"', "script", "'Hans' or 'Hant'"),
    ('enabled = "no"', "enabled", "write true or false"),
    ("enabled = 0", "enabled", "write true or false"),
    ("enabled = false", "reason", "a disabled site says why"),
    ("delay = -1", "delay", "0 or more"),
    ("delay = true", "delay", "number of seconds"),
    ("delay = inf", "delay", "number of seconds"),
    ("delay = nan", "delay", "number of seconds"),
    ('delay = "2s"', "delay", "number of seconds"),
    ("concurrency = 0", "concurrency", "from 1 to 16"),
    ("budget = 0", "budget", "from 1 to"),
    ("budget = 1", "budget", "the lists alone need 1 requests"),
    ("concurrency = 17", "concurrency", "from 1 to 16"),
    ("concurrency = 2.0", "concurrency", "from 1 to 16"),
    ("concurrency = true", "concurrency", "from 1 to 16"),
    ("confirm_withdrawal_after = 6", "confirm_withdrawal_after", '"30m", "6h" or "2d"'),
    ('confirm_withdrawal_after = "6 hours"', "confirm_withdrawal_after", '"30m", "6h" or "2d"'),
    ("deny = 'a('", "deny", "unterminated subpattern"),
    ("deny = '.*'", "deny", "every address matches"),
    ('examples = "https://www.dawn.example/news/1.html"', "examples", "write a list"),
    ('examples = ["https://www.dawn.example/blog/1.html"]', "examples", "no article"),
    ('examples = ["https://10.0.0.9/dawn.example/news/1.html"]', "examples", "private machine"),
    ('schedule = "0 6 * * 1"', "schedule", "0 is Sunday"),
    ('offsite = "ask"', "offsite", "'skip' or 'follow'"),
    ('same_host = "m.example.cn"', "same_host", "write hosts"),
    ('same_host = { "https://m.example.cn" = "www.example.cn" }', "same_host", "write hosts"),
    ('same_host = { "a.cn" = "b.cn", "b.cn" = "c.cn" }', "same_host", "sends b.cn on as well"),
    ('keep_query = "id"', "keep_query", "write a list"),
    ('keep_query = ["id", "From"]', "keep_query", "dropped from every address"),
    ('keep_query = ["id"]\ndrop_query = ["x"]', "drop_query", "leave one out"),
]
WRONG_LISTS = [
    ('url = "https://a.example/"\nkind = "json"', "list 2: address", "where an entry has its address"),
    ('url = "https://a.example/"\naddress = "url"', "list 2: address", 'is for kind = "json"'),
    ('url = "https://a.example/"\nkind = "json"\naddress = "a[["', "list 2: address", "no path into JSON"),
    ('url = "https://a.example/"\nkind = "json"\naddress = "x/{a[[}"', "list 2: address", "no path into JSON"),
    ('url = "https://a.example/"\nkind = "json"\naddress = "u"\nitems = "$.a"', "list 2: items", "no path into JSON"),
    ('url = "https://a.example/"\nextract = "("', "list 2: extract", "no regular expression"),
    ('url = "https://a.example/"\nform = "a=1"', "list 2: form", "write fields"),
    ('url = "https://a.example/"\nform = { a = 1 }', "list 2: form", "write fields"),
    ('url = "https://a.example/"\nbody = "a=1"', "list 2: body", "no JSON"),
    ('url = "https://a.example/"\nbody = \'[1]\'\nform = { a = "1" }', "list 2: body", "leave one out"),
    ("url = \"https://a.example/\"\nbody = '[{n}]'", "list 2: max_pages", "never used"),
    ('url = "a.example/"', "list 2: url", "http://"),
    ('url = "ftp://a.example/"', "list 2: url", "http://"),
    ('url = "https://me:secret@a.example/"', "list 2: url", "user name"),
    ('url = "https://a.example:9000/"', "list 2: url", "port 9000"),
    ('url = "http://127.1:8000/"', "list 2: url", "unusual way"),
    ('url = "http://[::1/"', "list 2: url", "well-formed"),
    ("url = 5", "list 2: url", "not text"),
    ('url = "https://a.example/"\nkind = "rss"', "list 2: kind", "'html' or 'feed' or 'sitemap' or 'json'"),
    ('url = "https://a.example/"\nlink = "ul["', "list 2: link", "write a CSS selector, or XPath"),
    ('url = "https://a.example/"\nlink = "a::attr(href)"', "list 2: link", "write a CSS selector, or XPath"),
    ('url = "https://a.example/"\nlink = "//ul["', "list 2: link", "write a CSS selector, or XPath"),
    ('url = "https://a.example/"\ndate = "//ul["', "list 2: date", "write a CSS selector, or XPath"),
    ('url = "https://a.example/"\nkind = "json"\naddress = "u"\ntitle = "$.a"', "list 2: title", "no path into JSON"),
    ('url = "https://a.example/"\nkind = "feed"\ndate = "time"', "list 2: date", 'kind = "json" or "html"'),
    ('url = "https://a.example/{key}"', "list 2: key_url", "in which page"),
    ('url = "https://a.example/{key}"\nkey = "a(b)"', "list 2: key_url", "is missing"),
    ('url = "https://a.example/"\nkey_url = "https://a.example/k"\nkey = "b"', "list 2: key", "never used"),
    ('url = "https://a.example/{key}"\nkey_url = "ftp://a.example/k"\nkey = "b"', "list 2: key_url", "http://"),
    ('url = "https://a.example/{date:%d}"\npages = "https://a.example/{n}"\nmax_pages = 2', "list 2: pages", "by days"),
    ('url = "https://a.example/{date:%d}"\ndays = 0', "list 2: days", "from 1 to 60"),
    ('url = "https://a.example/"\nkind = "feed"\nlink = "a"', "list 2: link", "leave it out"),
    ('url = "https://a.example/"\npages = "https://a.example/2"', "list 2: pages", "{n}"),
    ('url = "https://a.example/"\npages = "https://a.example/{n}"', "list 2: max_pages", "never used"),
    ('url = "https://a.example/"\npages = "a/{n}"\nmax_pages = 2', "list 2: pages", "http://"),
    ('url = "https://a.example/"\nmax_pages = 2', "list 2: pages", "is missing"),
    ('url = "https://a.example/"\ntopics = "sports"', "list 2: topics", "'health'"),
    ('url = "https://a.example/"\ninclude = "医"', "list 2: include", "write a list"),
    ('url = "https://a.example/"\nmax_pages = 0', "list 2: max_pages", "from 1 to 1,000"),
    ('url = "https://a.example/"\nfirst_page = -1', "list 2: first_page", "from 0"),
]


@pytest.mark.parametrize(
    ("line", "key", "says"),
    [*WRONG_KEYS, *WRONG_VALUES, *(("[[list]]\n" + lines, key, says) for lines, key, says in WRONG_LISTS)],
)
def test_a_mistake_is_answered_with_file_key_and_remedy(tmp_path: Path, line: str, key: str, says: str) -> None:
    text = LEAST + line if line.startswith("[") else line + LEAST
    (fault,) = faults(tmp_path, text)
    assert fault.startswith(f"{tmp_path / 'dawn.toml'}: {key}: ")
    assert says in fault


@pytest.mark.parametrize("code", ["cn", "China", "CN-", "CN_BJ", "ZH-Hant", ""])
def test_a_jurisdiction_is_a_code(tmp_path: Path, code: str) -> None:
    (fault,) = faults(tmp_path, LEAST.replace('"CN"', f'"{code}"'))
    assert ": jurisdiction: " in fault and "CN-BJ" in fault


@pytest.mark.parametrize("code", ["CN", "CN-BJ", "HK", "MO", "TW", "INT", "SG", "MY-14"])
def test_codes_of_places(tmp_path: Path, code: str) -> None:
    assert load_site(write(tmp_path, LEAST.replace('"CN"', f'"{code}"'))).jurisdiction == code


@pytest.mark.parametrize("key", REQUIRED)
def test_what_every_site_needs(tmp_path: Path, key: str) -> None:
    (fault,) = faults(tmp_path, re.sub(f"^{key} = .*$", "", LEAST, flags=re.MULTILINE))
    assert f": {key}: is missing" in fault


def test_an_enabled_site_needs_a_list_and_a_disabled_one_does_not(tmp_path: Path) -> None:
    without = LEAST.partition("[[list]]")[0]
    (fault,) = faults(tmp_path, without)
    assert ": list: is missing" in fault
    assert load_site(write(tmp_path, without + 'enabled = false\nreason = "an anti-bot page answers"')).lists == ()


def test_a_list_stands_in_double_brackets(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, LEAST.replace("[[list]]", "[list]"))
    assert ": list: " in fault and "[[list]]" in fault


@pytest.mark.parametrize("name", ["Dawn.toml", "dawn-health.toml", "晨光.toml", "dawn health.toml"])
def test_the_file_name_is_the_id(tmp_path: Path, name: str) -> None:
    (fault,) = faults(tmp_path, LEAST, name)
    assert name in fault and "a to z" in fault


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"name = \n", "line 1"),
        (b'name = "a"\nname = "b"\n', "line 2"),
        (b'article = "\\d+"\n', "single quotation marks"),
        ('name = "晨光"'.encode("gb18030"), "save it as UTF-8"),
    ],
)
def test_what_is_no_toml(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "dawn.toml"
    path.write_bytes(content)
    with pytest.raises(SiteError, match=re.escape(says)):
        load_site(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match=r"dawn\.toml: cannot be read: No such file"):
        load_site(tmp_path / "dawn.toml")


def test_every_fault_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    write(tmp_path, "dealy = 1\ndelay = -1" + LEAST, "b.toml")
    write(tmp_path, LEAST.replace("[[list]]", "[[list]]\nkind = 'x'"), "a.toml")
    write(tmp_path, LEAST, "c.toml")
    with pytest.raises(SiteError) as caught:
        load_sites(tmp_path)
    places = [line.removeprefix(str(tmp_path)).split(": ")[:2] for line in str(caught.value).splitlines()]
    assert places == [["/a.toml", "list 1"], ["/b.toml", "dealy"], ["/b.toml", "delay"]]
    assert isinstance(caught.value, UsageError)


def test_an_address_that_cannot_be_parsed_is_told_beside_examples(tmp_path: Path) -> None:
    examples = 'examples = ["https://www.dawn.example/news/1.html", "http://[1"]\n'
    told = faults(tmp_path, examples + LEAST.replace("https://www.dawn.example/list", "http://[::"))
    assert [line.split(": ")[1] for line in told] == ["list 1", "examples"]
    assert all("is not a well-formed address" in line for line in told)


def test_sites_come_in_the_order_of_their_ids(tmp_path: Path) -> None:
    for name in ("west.toml", "east.toml", "notes.txt", "north_2.toml"):
        write(tmp_path, LEAST, name)
    assert [site.id for site in load_sites(tmp_path)] == ["east", "north_2", "west"]


def test_a_folder_without_site_files_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match="no site file here"):
        load_sites(tmp_path / "nowhere")


def test_sites_are_chosen_by_name(tmp_path: Path) -> None:
    for name in ("east.toml", "west.toml"):
        write(tmp_path, LEAST, name)
    write(tmp_path, 'enabled = false\nreason = "resting"' + LEAST, "south.toml")
    write(tmp_path, LEAST.replace("name", "nmae"), "wrong.toml")
    folder = read_folder(tmp_path)
    assert [site.id for site in folder.enabled()] == ["east", "west"]
    assert [site.id for site in folder.choose(["west", "south", "west"])] == ["west", "south"]
    with pytest.raises(SiteError, match=r"wrong\.toml: nmae: is not a known key"):
        folder.choose(["wrong", "east"])
    with pytest.raises(SiteError) as caught:
        folder.choose(["wset", "east", "zzz"])
    assert str(caught.value).splitlines() == [
        "no site is called 'wset' (did you mean west?)",
        "no site is called 'zzz'",
        "known sites: east, south, west, wrong",
    ]


def test_only_private_hosts_that_the_file_names_are_opened(tmp_path: Path) -> None:
    text = LEAST.replace("https://www.dawn.example/list", "http://127.0.0.1:18080/list") + (
        '[[list]]\nurl = "http://wiki.internal/a"\npages = "http://[::1]:9999/{n}"\nmax_pages = 2\n'
    )
    site = load_site(write(tmp_path, text))
    assert site.named_hosts == {("127.0.0.1", 18080), ("wiki.internal", 80), ("::1", 9999)}


@pytest.mark.parametrize(
    ("url", "objection"),
    [
        ("https://www.dawn.example/news/1.html", None),
        ("http://m.dawn.example/news/1.html", None),
        ("https://www.dawn.example/about.html", "no article"),
        ("https://www.dawn.example/news/1.html?print=1", "denied"),
        ("https://dusk.example/news/1.html", "off site"),
        ("https://share.example/?to=http://www.dawn.example/news/1.html", "off site"),
        ("https://archive.example/2026/https://www.dawn.example/news/1.html", "off site"),
        ("https://notdawn.example/news/1.html", "off site"),
        ("https://partner.example/dawn/3", None),
    ],
)
def test_what_is_an_article_of_a_site(url: str, objection: str | None) -> None:
    pattern = re.compile(r"dawn\.example/news/\d+\.html|//partner\.example/dawn/\d+|www\.partner\.example/\d+")
    site = Site("dawn", "晨光", "https://www.dawn.example/", "CN", pattern, deny=re.compile(r"[?&]print="))
    assert site.objection(url) == objection
