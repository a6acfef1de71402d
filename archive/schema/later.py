"""What was added to archive.db since, each as it was added."""

from __future__ import annotations

from archive.separation import separated

# What each run showed, so that the next one can be judged by it, and since when a site is broken.
HEALTH = """
-- fine, broke, broken (as before) or recovered; empty where a run asked no list, was stopped, or is older than this.
ALTER TABLE runs ADD COLUMN standing TEXT NOT NULL DEFAULT '';
CREATE INDEX runs_by_standing ON runs (site, standing);

-- What came of each list of a run, its pages added up. problem is empty where nothing is wrong.
CREATE TABLE run_lists (
    run_id INTEGER NOT NULL REFERENCES runs, url TEXT NOT NULL, links INTEGER NOT NULL, articles INTEGER NOT NULL,
    problem TEXT NOT NULL, PRIMARY KEY (run_id, url)
) WITHOUT ROWID;

-- What the pages of a run showed: see archive.health.PagesRun. unmatched are rules' names, parted by a blank.
CREATE TABLE run_pages (
    run_id INTEGER PRIMARY KEY REFERENCES runs, tried INTEGER NOT NULL, bad INTEGER NOT NULL, read INTEGER NOT NULL,
    articles INTEGER NOT NULL, titled INTEGER NOT NULL, dated INTEGER NOT NULL, in_script INTEGER NOT NULL,
    characters INTEGER, unmatched TEXT NOT NULL
);

DROP VIEW site_health;

-- How each site did: its last finished run, the last one that brought something, and since when it is broken.
CREATE VIEW site_health AS
SELECT s.id AS site, s.name, s.enabled, s.reason AS disabled_because, r.outcome AS last_outcome,
    r.reason AS last_reason, r.finished_at AS last_run_at, r.discovered, r.fetched, r.new, r.changed, r.challenged,
    r.failed,
    (SELECT max(first_seen_at) FROM articles a WHERE a.site = s.id) AS newest_article_at,
    (SELECT count(*) FROM articles a WHERE a.site = s.id) AS articles,
    (SELECT max(finished_at) FROM runs g WHERE g.site = s.id AND g.outcome = 'complete') AS last_complete_at,
    b.finished_at AS broken_since, CASE WHEN b.id THEN h.reason END AS alarm
FROM sites s LEFT JOIN runs r ON r.id = (SELECT max(id) FROM runs WHERE site = s.id AND finished_at IS NOT NULL)
LEFT JOIN runs h ON h.id = (SELECT max(id) FROM runs WHERE site = s.id AND standing <> '')
LEFT JOIN runs b ON h.standing IN ('broke', 'broken')
    AND b.id = (SELECT max(id) FROM runs WHERE site = s.id AND standing = 'broke');
"""

ATTACHMENTS = """
-- The files that versions link to, one row a state that was seen. The bytes are in captures.db, by digest.
CREATE TABLE attachments (
    id INTEGER PRIMARY KEY, article_id INTEGER NOT NULL REFERENCES articles,
    version_id INTEGER NOT NULL REFERENCES version_rows, name TEXT NOT NULL, url TEXT NOT NULL,
    capture_id TEXT NOT NULL REFERENCES captures, digest TEXT NOT NULL, bytes INTEGER NOT NULL,
    first_seen_at TEXT NOT NULL, last_seen_at TEXT NOT NULL, UNIQUE (version_id, url, digest)
);
CREATE INDEX attachments_by_url ON attachments (url, last_seen_at);
CREATE INDEX attachments_by_article ON attachments (article_id);
"""

PLACES = """
-- Internal: the page at which a site's list is to be read on, as a crawl was ended before it had read it; deep is 1 for
-- a backfill, which has a place of its own.
CREATE TABLE places (
    site TEXT NOT NULL, list TEXT NOT NULL, deep INTEGER NOT NULL, page INTEGER NOT NULL, PRIMARY KEY (site, list, deep)
) WITHOUT ROWID;
"""

STRIKES = """
-- Internal: how often a host was left alone since it last answered well.
ALTER TABLE hosts ADD COLUMN strikes INTEGER NOT NULL DEFAULT 0;
"""

SERVICE = """
-- When the site is next to be crawled by its schedule, as it was at the end of its last run; null where it has none.
ALTER TABLE sites ADD COLUMN next_at TEXT;

-- Internal: jobs of maintenance, when each was last begun, and how it ended: its exit code and the last line it said.
CREATE TABLE jobs (
    name TEXT PRIMARY KEY, started_at TEXT NOT NULL, finished_at TEXT, exit_code INTEGER, said TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;

-- Internal: what people were told of, so that they are told once.
CREATE TABLE told (what TEXT PRIMARY KEY, at TEXT NOT NULL) WITHOUT ROWID;
"""

# What status and the reading room ask of every archive must not take longer the more it holds.
AT_ANY_SIZE = """
-- Internal: how many articles each site has, by the month that their pages say ('' without one) and by status.
CREATE TABLE article_counts (
    site TEXT NOT NULL, month TEXT NOT NULL, status TEXT NOT NULL, articles INTEGER NOT NULL,
    PRIMARY KEY (site, month, status)
) WITHOUT ROWID;
INSERT INTO article_counts
    SELECT site, coalesce(substr(published_at, 1, 7), ''), status, count(*) FROM articles GROUP BY 1, 2, 3;

CREATE TRIGGER articles_counted AFTER INSERT ON articles BEGIN
    INSERT INTO article_counts VALUES (new.site, coalesce(substr(new.published_at, 1, 7), ''), new.status, 1)
        ON CONFLICT DO UPDATE SET articles = articles + 1;
END;

CREATE TRIGGER articles_discounted AFTER DELETE ON articles BEGIN
    UPDATE article_counts SET articles = articles - 1 WHERE site = old.site
        AND month = coalesce(substr(old.published_at, 1, 7), '') AND status = old.status;
END;

CREATE TRIGGER articles_recounted AFTER UPDATE OF site, published_at, status ON articles
WHEN (old.site, old.published_at, old.status) IS NOT (new.site, new.published_at, new.status) BEGIN
    UPDATE article_counts SET articles = articles - 1 WHERE site = old.site
        AND month = coalesce(substr(old.published_at, 1, 7), '') AND status = old.status;
    INSERT INTO article_counts VALUES (new.site, coalesce(substr(new.published_at, 1, 7), ''), new.status, 1)
        ON CONFLICT DO UPDATE SET articles = articles + 1;
END;

CREATE INDEX articles_by_facets ON articles (site, status, published_at);
CREATE INDEX runs_of_site ON runs (site);
CREATE INDEX runs_by_end ON runs (finished_at);

DROP VIEW site_health;

-- How each site did: its last finished run, the last one that brought something, and since when it is broken.
CREATE VIEW site_health AS
SELECT s.id AS site, s.name, s.enabled, s.reason AS disabled_because, r.outcome AS last_outcome,
    r.reason AS last_reason, r.finished_at AS last_run_at, r.discovered, r.fetched, r.new, r.changed, r.challenged,
    r.failed,
    (SELECT max(first_seen_at) FROM articles a WHERE a.site = s.id) AS newest_article_at,
    coalesce((SELECT sum(n.articles) FROM article_counts n WHERE n.site = s.id), 0) AS articles,
    (SELECT finished_at FROM runs WHERE site = s.id AND outcome = 'complete' ORDER BY id DESC LIMIT 1)
        AS last_complete_at,
    b.finished_at AS broken_since, CASE WHEN b.id THEN h.reason END AS alarm
FROM sites s LEFT JOIN runs r
    ON r.id = (SELECT id FROM runs WHERE site = s.id AND finished_at IS NOT NULL ORDER BY id DESC LIMIT 1)
LEFT JOIN runs h ON h.id = (SELECT id FROM runs WHERE site = s.id AND standing <> '' ORDER BY id DESC LIMIT 1)
LEFT JOIN runs b ON h.standing IN ('broke', 'broken')
    AND b.id = (SELECT max(id) FROM runs WHERE site = s.id AND standing = 'broke');
"""

# The articles of a status come newest first, as all do: read in order, not sorted. The index of the status alone stays:
# it has them by id, as a search needs them, which would take five times as long with the ids in any order.
IN_ORDER = """
CREATE INDEX articles_newest_of_status ON articles (status, published_at);
"""

# For replay. A version, or an event, that was a reader's error stays, is not shown and not found, and tells what
# replaced it: of an event that is the event `reread`, which names it. replayed is the reader that has read all that is
# stored of an address.
REPLAY = f"""
ALTER TABLE events ADD COLUMN superseded_by INTEGER REFERENCES events;
ALTER TABLE pages ADD COLUMN replayed TEXT;
CREATE INDEX captures_by_url ON captures (url);
CREATE INDEX versions_superseded ON version_rows (superseded_by) WHERE superseded_by IS NOT NULL;

DROP VIEW versions_separated;
CREATE VIEW versions_separated AS
SELECT v.id, {separated("r.text")} AS text, {separated("r.title")} AS title
FROM version_rows v JOIN articles a ON a.id = v.article_id JOIN readings r ON r.id = v.current_reading_id
WHERE v.id <> a.current_version_id AND v.superseded_by IS NULL;

DROP VIEW changes;
CREATE VIEW changes AS
SELECT e.id, e.at, a.site, a.url, a.title, e.article_id,
    (SELECT group_concat(value, ' ') FROM json_each(e.detail, '$.kinds')) AS kinds,
    json_extract(e.detail, '$.size') AS size,
    json_extract(e.detail, '$.from') AS from_version, json_extract(e.detail, '$.version') AS to_version,
    json_extract(e.detail, '$.kinds[0]') AS kind
FROM events e JOIN articles a ON a.id = e.article_id
WHERE e.kind = 'changed' AND e.superseded_by IS NULL ORDER BY e.at DESC, e.id DESC;
"""
