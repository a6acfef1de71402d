"""What the survey pages ask of an archive: changes, figures, sites and their runs, months. Only SQL and its rows."""

from __future__ import annotations

from sqlite_utils import Database

from archive.browse.queries import named
from archive.search import match_expression
from archive.store.connection import rows

Row = dict

MOST_ARTICLES = 500  # whose sentences are shown; a term in more of them is to be narrowed

# The same SQL is the canned query `figures`. Newest kept articles first, so that a frequent term needs no sorting.
SENTENCES = """
WITH matching AS (
    SELECT rowid AS id FROM articles_fts WHERE articles_fts MATCH escape_fts(:term) ORDER BY rowid DESC LIMIT :articles
), shown AS (
    SELECT a.id, a.site, a.url, a.source, a.published_at, v.number, v.id = a.current_version_id AS newest,
        v.title AS title, v.title || char(10) || v.text AS text, v.first_seen_at
    FROM matching m JOIN articles a ON a.id = m.id JOIN versions v ON v.article_id = a.id AND v.superseded_by IS NULL
)
SELECT min(coalesce(s.published_at, s.first_seen_at)) AS date, e.value AS sentence,
    group_concat(DISTINCT nullif(s.source, '')) AS sources, group_concat(DISTINCT s.site) AS sites,
    count(DISTINCT s.id) AS articles, total(s.newest) > 0 AS current, s.id AS article_id, s.number AS version, s.title
FROM shown s, json_each(figure_sentences(s.text, :term)) e
GROUP BY folded(e.value) ORDER BY date, article_id, version"""


def sentences(db: Database, term: str, articles: int) -> list[Row]:
    """Every sentence with the term and a number in the newest `articles` that match, the same sentence once."""
    return named(db, SENTENCES, {"term": term, "articles": articles})


def matches(db: Database, term: str, most: int) -> int:
    """How many articles match, counted up to `most`."""
    sql = "SELECT count(*) FROM (SELECT 1 FROM articles_fts WHERE articles_fts MATCH ? LIMIT ?)"
    return int(db.conn.execute(sql, (match_expression(term), most)).fetchone()[0])


_HEALTH = """
SELECT h.*, s.name_en, s.home, s.jurisdiction FROM site_health h JOIN sites s ON s.id = h.site
ORDER BY h.enabled DESC, h.broken_since IS NULL, h.last_outcome = 'complete', h.site"""


def health(db: Database) -> list[Row]:
    """How each site did, those in trouble first, the disabled last."""
    return rows(db, _HEALTH)


def last_run(db: Database) -> str | None:
    """When a run of any site was last started."""
    sql = "SELECT max(started_at) FROM (SELECT max(started_at) AS started_at FROM runs GROUP BY site)"
    return db.conn.execute(sql).fetchone()[0]


def runs_by_day(db: Database, since: str) -> list[Row]:
    """What each site's runs came to on each day (in China) since a day."""
    sql = """SELECT r.site, date(r.started_at, '+8 hours') AS day, count(*) AS runs, sum(r.new) AS new,
        sum(r.changed) AS changed, sum(r.failed + r.challenged) AS failed, sum(r.fetched) AS fetched
        FROM sites s JOIN runs r ON r.site = s.id AND r.started_at >= ? GROUP BY r.site, day ORDER BY r.site, day"""
    return rows(db, sql, since)


def articles_by_month(db: Database) -> list[Row]:
    """How many articles of each site are, by their own word, from each month."""
    sql = """SELECT site, month, sum(articles) AS articles FROM article_counts WHERE month <> ''
        GROUP BY site, month HAVING sum(articles) > 0"""
    return rows(db, sql)


def term_by_month(db: Database, term: str) -> list[Row]:
    """How many articles of each month hold a term; the months come from an index, no article is read."""
    sql = """SELECT substr(published_at, 1, 7) AS month, count(*) AS articles
        FROM articles INDEXED BY articles_by_publication
        WHERE published_at IS NOT NULL AND id IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?)
        GROUP BY month"""
    return rows(db, sql, match_expression(term))


def changes_by_month(db: Database) -> list[Row]:
    """How many changes of each kind were seen in each month; a change of two kinds counts for both."""
    sql = """SELECT substr(datetime(e.at, '+8 hours'), 1, 7) AS month, k.value AS kind, count(*) AS changes
        FROM events e, json_each(e.detail, '$.kinds') k WHERE e.kind = 'changed' AND e.superseded_by IS NULL
        GROUP BY month, k.value"""
    return rows(db, sql)
