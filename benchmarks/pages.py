"""The generated site: pages of about 55 KB in six layouts, most of each a feed that is none of the article's.

Everything follows from the page's number and the edition, so a page is the same wherever it is made. Another edition
changes what surrounds the articles, never the articles.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random

import opencc

PLACES = "清河 石桥 南岭 北湾 东塘 西坪 上林 中洲 桐城 柳溪 云山 长滩".split()
BODIES = "卫生健康局 人民医院 疾控中心 中医院 社区卫生服务中心 医保局 妇幼保健院 急救中心".split()
DEEDS = (
    "启用了新的门诊楼 公布了三季度数据 延长了夜间门诊 调整了挂号规则 开展了入户随访 更新了用药目录 培训了村医".split()
)
WHATS = "高血压患者 孕产妇 慢性病老人 学龄儿童 透析病人 流动人口 康复期患者 术后患者".split()
CHANGES = "候诊时间 复诊比例 药品费用 转诊人次 随访次数 床位使用率 接种人数 检查项目".split()
FEED_SIZE, SCRIPT_SIZE = 90, 14_000
DAY = "2026-11-{:02d}"


@dataclass(frozen=True)
class Layout:
    """How a template makes a page: `frame` has places for title, day, body and what stands around."""

    encoding: str
    frame: str
    body: Callable[[list[str]], str]
    traditional: bool = False


def _paragraphs(texts: list[str]) -> str:
    return "".join(f"<p>　　{text}</p>\n" for text in texts)


def _breaks(texts: list[str]) -> str:
    return "<br><br>\n".join(f"　　{text}" for text in texts)


def _spans(texts: list[str]) -> str:
    return "".join(f'<section><span style="font-size:16px">{text}</span></section>' for text in texts)


_HEAD = '<!doctype html><html><head><meta charset="{charset}"><title>{title}_晨星健康</title>{script}</head><body>'
LAYOUTS = (
    Layout(
        "utf-8",
        _HEAD + '<nav>{nav}</nav><div class="main"><h1>{title}</h1>'
        '<div class="info">{day} 08:30 来源：晨星健康 作者：王小禾</div>'
        '<div class="article-content">{body}</div><div class="feed">{feed}</div></div></body></html>',
        _paragraphs,
    ),
    Layout(
        "gb18030",
        _HEAD + "<table><tr><td>{nav}</td></tr></table>"
        "<table><tr><td><h1>{title}</h1></td></tr><tr><td>发布时间：{day}　来源：晨星健康</td></tr>"
        '<tr><td id="zoom">{body}</td></tr></table><ul class="rel">{feed}</ul></body></html>',
        _breaks,
    ),
    Layout(
        "big5hkscs",
        _HEAD + '<div id="menu">{nav}</div><div class="story"><h1>{title}</h1>'
        '<span class="date">{day} 12:05</span><div class="text">{body}</div></div>'
        '<div class="hot"><h3>熱門新聞</h3>{feed}</div></body></html>',
        _paragraphs,
        traditional=True,
    ),
    Layout(
        "utf-8",
        _HEAD + '<header>{nav}</header><article itemscope><h1 itemprop="headline">{title}</h1>'
        '<time itemprop="datePublished" datetime="{day}T08:30:00+08:00">{day}</time>'
        '<div itemprop="articleBody">{body}</div></article><aside>{feed}</aside></body></html>',
        _paragraphs,
    ),
    Layout(
        "utf-8",
        _HEAD + '<div class="rich_media"><h2>{title}</h2><em>晨星健康</em> <em>{day} 19:40</em>'
        "<div id='js_content'>{body}</div></div>"
        "<div class='rec'><p>相关推荐</p>{feed}</div><div>{nav}</div></body></html>",
        _spans,
    ),
    Layout(
        "utf-8",
        _HEAD.replace('<meta charset="{charset}">', "") + '<div>{nav}</div><div class="wrap"><h1>{title}</h1>'
        "<p>时间：{day} 编辑：赵一鸣</p>{body}</div><div>{feed}</div></body></html>",
        _paragraphs,
    ),
)


def title_of(number: int) -> str:
    """A page's headline; no two pages have the same."""
    chance = Random(number)
    return f"{chance.choice(PLACES)}县{chance.choice(BODIES)}{chance.choice(DEEDS)} 第{number}期"


def texts_of(number: int) -> list[str]:
    """A page's paragraphs: six to fourteen, about 900 characters."""
    chance = Random(number * 7 + 1)
    return [_paragraph(chance) for _ in range(chance.randint(6, 14))]


def _paragraph(chance: Random) -> str:
    return "".join(_sentence(chance) for _ in range(chance.randint(1, 4)))


def _sentence(chance: Random) -> str:
    place, body, deed = chance.choice(PLACES), chance.choice(BODIES), chance.choice(DEEDS)
    what, change = chance.choice(WHATS), chance.choice(CHANGES)
    figure = f"{chance.randint(1, 99)}.{chance.randint(0, 9)}%"
    return f"{place}县{body}{deed}，{what}的{change}比上月变化了{figure}，工作人员会逐户说明。"


def page(number: int, edition: int) -> bytes:
    """A page as its server sends it."""
    layout = LAYOUTS[number % len(LAYOUTS)]
    texts = texts_of(number)
    return delivered(number, edition, title_of(number), texts, layout.encoding, traditional=layout.traditional)


_DECLARED = {"gb18030": "gb2312", "big5hkscs": "big5"}  # as servers label what they send


def delivered(
    number: int, edition: int, title: str, texts: Sequence[str], encoding: str, *, traditional: bool
) -> bytes:
    """The page of an article with this headline and these paragraphs, in its layout, as its server sends it."""
    layout = LAYOUTS[number % len(LAYOUTS)]
    before, after = _around(number % len(LAYOUTS), edition)
    charset = _DECLARED.get(encoding, encoding)
    values = {"title": title, "day": DAY.format(number % 20 + 1), "charset": charset, "body": layout.body(list(texts))}
    html = layout.frame.format(**values, nav=before, feed=after, script=_script(edition))
    return (_HANT.convert(html) if traditional else html).encode(encoding, "xmlcharrefreplace")


_HANT = opencc.OpenCC("s2tw")


@cache
def _around(layout: int, edition: int) -> tuple[str, str]:
    """The navigation and the feed of a layout in an edition."""
    chance = Random(edition * 100 + layout)
    nav = "".join(f'<a href="/c/{n}.html">{chance.choice(PLACES)}{chance.choice(CHANGES)}</a> ' for n in range(60))
    card = '<div class="card"><a href="/other/{n}.html">{title}</a><p>{text}</p><span>{count} 阅读</span></div>'
    cards = (
        card.format(
            n=n, title=title_of(chance.randint(10**6, 10**7)), text=_paragraph(chance), count=chance.randint(1, 10**5)
        )
        for n in range(FEED_SIZE)
    )
    return nav, "".join(cards)


@cache
def _script(edition: int) -> str:
    chance = Random(edition)
    data = ",".join(f'{{"id":{chance.randint(1, 10**9)},"t":"{chance.random()}"}}' for _ in range(SCRIPT_SIZE // 45))
    return f"<style>.card{{margin:8px}}</style><script>window.__DATA__=[{data}];</script>"
