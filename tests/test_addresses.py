"""Addresses: one spelling for each page; none that leads into a private network."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crawler.addresses import LONGEST, canonical, endpoint, is_private_host, is_public, refusal, registrable


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        # scheme, host, port, fragment
        ("HTTP://News.Example/A/b.html", "http://news.example/A/b.html"),
        ("http://news.example:80/a", "http://news.example/a"),
        ("https://news.example:443/a", "https://news.example/a"),
        ("https://news.example:80/a", "https://news.example:80/a"),
        ("https://news.example./a", "https://news.example/a"),
        ("https://news.example", "https://news.example/"),
        ("https://news.example?id=3", "https://news.example/?id=3"),
        ("https://news.example/a.html#comments", "https://news.example/a.html"),
        ("  https://news.example/a.html\n", "https://news.example/a.html"),
        ("http://[2001:DB8::1]:80/a", "http://[2001:db8::1]/a"),
        # what does not choose the page
        ("https://news.example/a;jsessionid=0AF?id=1", "https://news.example/a?id=1"),
        ("https://news.example/a;JSESSIONID=0AF/b.html", "https://news.example/a/b.html"),
        ("https://news.example/a?utm_source=wx&utm_medium=x", "https://news.example/a"),
        ("https://news.example/a?from=timeline&isappinstalled=0", "https://news.example/a"),
        ("https://news.example/a?spm=1.2.3&share_token=9f", "https://news.example/a"),
        ("https://news.example/a?UTM_Source=wx", "https://news.example/a"),
        # what does
        ("https://news.example/a?id=7", "https://news.example/a?id=7"),
        ("https://news.example/a?nodeid=5&pid=2", "https://news.example/a?nodeid=5&pid=2"),
        ("https://news.example/a?b=2&from=x&a=1", "https://news.example/a?b=2&a=1"),
        ("https://news.example/a?fromdate=2026", "https://news.example/a?fromdate=2026"),
        ("https://news.example/a?12345", "https://news.example/a?12345"),
        ("https://news.example/a?empty=&b", "https://news.example/a?empty=&b"),
        ("https://news.example/Detail/Ab-Cd_Ef", "https://news.example/Detail/Ab-Cd_Ef"),
        # characters outside ASCII
        ("https://news.example/流感", "https://news.example/%E6%B5%81%E6%84%9F"),
        ("https://news.example/%e6%b5%81", "https://news.example/%E6%B5%81"),
        ("https://news.example/s?q=%c1%f7", "https://news.example/s?q=%C1%F7"),
        ("http://健康.example/a", "http://xn--nyqy26a.example/a"),
        # no address of a page: left as it is, for `refusal` to name
        ("mailto:a@news.example", "mailto:a@news.example"),
        ("http://[::1/a", "http://[::1/a"),
        ("http://news.example:99999/", "http://news.example:99999/"),
    ],
)
def test_the_one_spelling(written: str, expected: str) -> None:
    assert canonical(written) == expected


_pieces = st.text("abAB09%:/?#[]@!$&'()*+,;=-._~ \\\t流感。１" + "\u00e9\u200b", max_size=40)
_pairs = st.sampled_from(["id=1", "from=x", "utm_a=b", "spm", "=", "%c1", "a=b;c"])
_queries = st.lists(_pairs, max_size=4).map("&".join)
_schemes = st.sampled_from(["http", "HTTPS", "ftp"])


@given(st.builds("{}://{}{}?{}{}".format, _schemes, _pieces, _pieces, _queries, _pieces))
@example("http://a.example/;jsessionid=1;jsessionid=2")
@example("http://a.example/;jsession;jsessionid=1id=2")
@example("http://a.example..")
def test_the_one_spelling_is_its_own_spelling(url: str) -> None:
    assert canonical(canonical(url)) == canonical(url)


@given(_queries)
def test_what_is_kept_of_a_query_stays_in_its_order(query: str) -> None:
    kept = [pair for pair in query.split("&") if pair and not pair.startswith(("from", "utm_", "spm"))]
    left = iter(canonical(f"http://a.example/?{query}").partition("?")[2].split("&"))
    assert all(pair.upper() in (other.upper() for other in left) for pair in kept)


OPEN = [
    "http://news.example/a",
    "https://news.example:8443/a",
    "http://8.8.8.8/a",
    "http://[2606:4700::1111]/",
    "http://健康.example/a",
    "https://3g.news.example/a",
    "http://a_b.example/",
    "https://1905.example/",
]
SHUT = [
    ("ftp://news.example/a", "http://"),
    ("javascript:void(0)", "http://"),
    ("file:///etc/passwd", "http://"),
    ("//news.example/a", "http://"),
    ("http:///a", "well-formed"),
    ("http://[::1", "well-formed"),
    ("http://news.example:port/", "well-formed"),
    ("http://reader@news.example/", "user name"),
    ("http://reader:secret@news.example/", "user name"),
    ("http://news.example:22/", "port 22"),
    ("http://news.example:6379/", "port 6379"),
    ("http://news.example:0/", "port 0"),
    ("http://" + "a" * LONGEST + ".example/", "longer"),
    ("http://a..example/", "impossible"),
    ("http://127%2e0%2e0%2e1/", "impossible"),
]
PRIVATE = [
    "http://127.0.0.1/",
    "http://127.0.0.1./",
    "http://127.8.8.8/",
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://192.168.1.1/",
    "http://169.254.169.254/latest",  # where clouds keep their secrets
    "http://100.64.0.1/",
    "http://0.0.0.0/",
    "http://224.0.0.1/",
    "http://255.255.255.255/",
    "http://198.18.0.1/",
    "http://１２７.0.0.1/",
    "http://127。0。0。1/",
    "http://①②⑦.0.0.1/",
    "http://[::1]/",
    "http://[::]/",
    "http://[fe80::1]/",
    "http://[fc00::1]/",
    "http://[fec0::1]/",
    "http://[ff02::1]/",
    "http://[::127.0.0.1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:a00:1]/",
    "http://[64:ff9b::127.0.0.1]/",
    "http://[64:ff9b::a9fe:a9fe]/",
    "http://[2002:7f00:1::]/",
    "http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/",
    "http://localhost/",
    "http://LOCALHOST/",
    "http://localhost./",
    "http://db.localhost/",
    "http://intranet/",
    "http://printer.local/",
    "http://wiki.internal/",
    "http://router.home.arpa/",
]
ODD = [
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.0.0.1/",
    "http://0177.0.0.1/",
    "http://127.1/",
    "http://127.0.1/",
    "http://0/",
    "http://010.8.8.8/",  # 8.8.8.8 to one resolver, 10.8.8.8 to another
    "http://256.0.0.1/",
    "http://1.2.3.4.5/",
    "http://127%2e0.0.1/",
]


@pytest.mark.parametrize("url", OPEN)
def test_nothing_speaks_against_a_page_of_the_web(url: str) -> None:
    assert refusal(url) is None


@pytest.mark.parametrize(("url", "why"), SHUT)
def test_what_is_no_page_of_the_web(url: str, why: str) -> None:
    assert why in (refusal(url) or "")


@pytest.mark.parametrize("url", PRIVATE)
def test_a_private_machine_is_refused_in_any_spelling(url: str) -> None:
    assert "private machine" in (refusal(url) or "")


@pytest.mark.parametrize("url", ODD)
def test_an_address_in_an_unusual_spelling_is_refused_wherever_it_leads(url: str) -> None:
    assert "unusual way" in (refusal(url) or "")


@pytest.mark.parametrize("url", [*PRIVATE, *ODD])
def test_the_one_spelling_hides_no_private_machine(url: str) -> None:
    assert refusal(canonical(url)) is not None


def test_a_site_file_opens_one_port_of_one_host() -> None:
    named = frozenset({("127.0.0.1", 18080), ("wiki.internal", 80)})
    assert refusal("http://127.0.0.1:18080/a", named) is None
    assert refusal("http://wiki.internal/a", named) is None
    assert refusal("http://127.0.0.1:18081/a", named) is not None
    assert refusal("http://127.0.0.1/a", named) is not None
    assert refusal("http://127.0.0.2:18080/a", named) is not None
    assert refusal("http://127.1:18080/a", named) is not None
    assert refusal("http://me@127.0.0.1:18080/a", named) is not None
    assert refusal("ftp://127.0.0.1:18080/a", named) is not None


@pytest.mark.parametrize(
    ("ip", "public"),
    [
        ("8.8.8.8", True),
        ("114.114.114.114", True),
        ("2606:4700::1111", True),
        ("::ffff:8.8.8.8", True),
        ("64:ff9b::808:808", True),
        ("2002:808:808::1", True),
        ("10.1.2.3", False),
        ("127.0.0.1", False),
        ("100.100.100.100", False),
        ("192.0.2.1", False),
        ("240.0.0.1", False),
        ("239.1.1.1", False),
        ("::1", False),
        ("fec0::1", False),
        ("fe80::1%eth0", False),
        ("ff0e::1", False),
        ("100::1", False),
        ("::ffff:192.168.0.1", False),
        ("64:ff9b::10.0.0.1", False),
        ("64:ff9b:1::8.8.8.8", False),
        ("2002:a00:1::1", False),
        ("news.example", False),
        ("", False),
    ],
)
def test_public_addresses(ip: str, public: bool) -> None:
    assert is_public(ip) is public


@pytest.mark.parametrize(
    ("host", "private"),
    [("news.example", False), ("localhost", True), ("nas", True), ("a.local", True), ("9.9.9.9", False), ("::1", True)],
)
def test_private_hosts_on_sight(host: str, private: bool) -> None:
    assert is_private_host(host) is private


def test_an_endpoint_is_a_host_and_a_port() -> None:
    assert endpoint("HTTPS://News.Example./a") == ("news.example", 443)
    assert endpoint("http://[0:0::1]:8080/") == ("::1", 8080)
    with pytest.raises(ValueError, match="no host"):
        endpoint("mailto:a@news.example")


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://health.news.com.cn/a", "news.com.cn"),
        ("https://wjw.beijing.gov.cn/", "beijing.gov.cn"),
        ("https://news.gov.hk/", "news.gov.hk"),
        ("http://127.0.0.1:8000/", "127.0.0.1"),
        ("http://localhost/", "localhost"),
    ],
)
def test_the_registrable_domain_joins_the_hosts_of_one_owner(url: str, domain: str) -> None:
    assert registrable(url) == domain
