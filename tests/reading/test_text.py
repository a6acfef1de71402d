"""What the text of an article is, and what is not: pages as sites build them, around sentences of the tests' own."""

from __future__ import annotations

import pytest

from tests.reading.pages import PARAGRAPHS, TITLE, page, read_page

TEXT = "\n".join(PARAGRAPHS)
STORIES = [
    f"{place}医院新增{n}张床位，{thing}排队时间缩短"
    for n, (place, thing) in enumerate(
        (place, thing)
        for place in ("南岭", "北湾", "东塘", "西坪", "中洲", "上林")
        for thing in ("儿科", "骨科", "体检", "透析", "产检")
    )
]
FEED = "".join(
    f"<div class='card'><a href='/s/{n}.html'>{story}</a><p>{story}，记者从有关部门了解到，{story}。</p></div>"
    for n, story in enumerate(STORIES)
)
LINKS = "".join(f"<li><a href='/s/{n}.html'>{story}</a></li>" for n, story in enumerate(STORIES))


def test_a_feed_ten_times_as_long_as_the_article_is_left_out() -> None:
    assert read_page(page(below=f"<div class='list'>{FEED * 4}</div>")).text == TEXT


@pytest.mark.parametrize(
    "around",
    [
        f"<div><h3>相关阅读</h3><ul>{LINKS}</ul></div>",
        f"<div class='content'><p>热门推荐</p>{FEED}</div>",
        "<div>上一篇：<a href='/1'>某地开展义诊活动</a></div><div>下一篇：<a href='/2'>某地举办健康讲座</a></div>",
        "<div class='share'>分享到：<a>微信</a> <a>微博</a></div><p>扫一扫，在手机上打开当前页面</p>",
        "<p>版权声明：凡本网注明来源的作品，未经授权不得转载，违者将依法追究责任。</p>",
        "<div>{{comment.user}}：{{comment.text}}</div>",
        "<p>Comment(id=7, userId=19, content=null, status=1, createTime=null, updateTime=null)</p>",
        "<div>当前位置：<a href='/'>首页</a> &gt; <a href='/n'>新闻</a> &gt; 正文</div>",
        "<p>（责任编辑：陈小雨）</p><p>【打印】【关闭】</p>",
        "<div>阅读：1204 评论：3 点赞：18</div>",
    ],
)
def test_what_stands_around_an_article_is_no_text(around: str) -> None:
    assert read_page(page(below=around)).text == TEXT
    inside = "".join(f"<p>{text}</p>" for text in PARAGRAPHS) + around
    assert read_page(page(body=inside)).text == TEXT


@pytest.mark.parametrize(
    "body",
    [
        "<br>".join(PARAGRAPHS),
        "<br><br>　　".join(PARAGRAPHS),
        "".join(f"<div>{text}</div>" for text in PARAGRAPHS),
        "".join(f"<section><span>{text[:9]}</span><span>{text[9:]}</span></section>" for text in PARAGRAPHS),
        f"{PARAGRAPHS[0]}<p>{PARAGRAPHS[1]}</p><p>{PARAGRAPHS[2]}</p>",
        "<table><tr><td>" + "".join(f"<p>{text}</p>" for text in PARAGRAPHS) + "</td></tr></table>",
        "".join(f"<font><p>{text}</p>" for text in PARAGRAPHS),
        f"<p>{PARAGRAPHS[0]}</p></body></html><p>{PARAGRAPHS[1]}</p><p>{PARAGRAPHS[2]}</p>",
    ],
)
def test_paragraphs_are_found_however_they_are_marked(body: str) -> None:
    assert read_page(page(body=body)).text == TEXT


def test_a_table_is_one_row_a_line() -> None:
    table = "<table><tr><th>医院</th><th>互认项目</th></tr><tr><td>县人民医院</td><td>120</td></tr></table>"
    text = read_page(page(body=f"<p>{PARAGRAPHS[0]}</p>{table}<p>{PARAGRAPHS[1]}</p>")).text
    assert text == f"{PARAGRAPHS[0]}\n医院 | 互认项目\n县人民医院 | 120\n{PARAGRAPHS[1]}"


def test_pages_that_never_close_their_tags_are_read_to_the_end() -> None:
    body = "".join(f"<font><p>第{n}条：{PARAGRAPHS[n % 3]}</p>" for n in range(600))
    assert read_page(page(body=body)).text.count("\n") == 599


SPAM = "<a href='http://x.example/'>博彩平台 投注 老虎机 娱乐城</a>"


@pytest.mark.parametrize(
    "hidden",
    [
        f"<div style='display:none'>{SPAM}</div>",
        f"<div style='position:absolute;left:-9999px'>{SPAM}</div>",
        f"<div style='text-indent:-5000px'>{SPAM}</div>",
        f"<div style='height:0;overflow:hidden'>{SPAM}</div>",
        f"<div style='width:1px; height:1px; overflow:hidden'>{SPAM}</div>",
        f"<div style='font-size:0'>{SPAM}</div>",
        f"<div style='opacity:0'>{SPAM}</div>",
        f"<div style='visibility:hidden'>{SPAM}</div>",
        f"<div style='color:#fff;background:#fff'>{SPAM}</div>",
        f"<div hidden>{SPAM}</div>",
        f"<style>.q7 {{ position:absolute; top:-999px }}</style><div class='z q7'>{SPAM}</div>",
        f"<style>#w9{{display:none}}</style><div id='w9'>{SPAM}</div>",
    ],
)
def test_hidden_spam_is_flagged_and_never_text(hidden: str) -> None:
    body = f"<p>{PARAGRAPHS[0]}</p>{hidden}<p>{PARAGRAPHS[1]}</p><p>{PARAGRAPHS[2]}</p>"
    reading = read_page(page(body=body))
    assert reading.text == TEXT
    assert "spam" in reading.flags


@pytest.mark.parametrize(
    ("titled", "shown"),
    [
        (f"{TITLE}_晨光网", TITLE),
        (f"{TITLE} - 新闻频道 - 晨光网", TITLE),
        (f"{TITLE}|晨光网", TITLE),
        ("COVID-19疫苗接种增加", "COVID-19疫苗接种增加"),
        ("晨光网", TITLE),
        ("", TITLE),
    ],
)
def test_the_headline_is_the_one_displayed(titled: str, shown: str) -> None:
    html = page(title=shown).replace(f"<title>{shown}_晨光网</title>", f"<title>{titled}</title>")
    assert read_page(html).title == shown


def test_a_title_without_a_heading_loses_the_site_s_name() -> None:
    html = page().replace(f"<h1>{TITLE}</h1>", "")
    assert read_page(html).title == TITLE


def test_a_short_notice_is_a_whole_article() -> None:
    notice = "因系统升级，本院门诊挂号窗口周六上午暂停服务，下午恢复。"
    assert read_page(page(body=f"<p>{notice}</p>")).text == notice


def test_the_same_page_reads_the_same_every_time() -> None:
    html = page(below=f"<ul>{LINKS}</ul>")
    assert len({read_page(html) for _ in range(6)}) == 1
