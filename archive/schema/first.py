"""archive.db as it was first: its tables and views, and its full-text indexes."""

from __future__ import annotations

from archive.separation import separated

FIRST_ARCHIVE = """
-- What the site files said at the last run.
CREATE TABLE sites (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, name_en TEXT NOT NULL, home TEXT NOT NULL, jurisdiction TEXT NOT NULL,
    script TEXT NOT NULL, enabled INTEGER NOT NULL, reason TEXT NOT NULL, schedule TEXT NOT NULL, seen_at TEXT NOT NULL
);

-- One crawl of one site. The counts add up: discovered = new + changed + unchanged + withdrawn + challenged + skipped
-- + failed; every skipped address has its reason in skips. finished_at is null while it runs, or if it was killed.
CREATE TABLE runs (
    id INTEGER PRIMARY KEY, site TEXT NOT NULL, started_at TEXT NOT NULL, finished_at TEXT,
    outcome TEXT NOT NULL DEFAULT 'running', -- running, complete, alarm, failed, stopped
    reason TEXT NOT NULL DEFAULT '',
    discovered INTEGER NOT NULL DEFAULT 0, fetched INTEGER NOT NULL DEFAULT 0, new INTEGER NOT NULL DEFAULT 0,
    changed INTEGER NOT NULL DEFAULT 0, unchanged INTEGER NOT NULL DEFAULT 0, withdrawn INTEGER NOT NULL DEFAULT 0,
    challenged INTEGER NOT NULL DEFAULT 0, skipped INTEGER NOT NULL DEFAULT 0, failed INTEGER NOT NULL DEFAULT 0,
    counts TEXT GENERATED ALWAYS AS (json_object('discovered', discovered, 'fetched', fetched, 'new', new, 'changed',
        changed, 'unchanged', unchanged, 'withdrawn', withdrawn, 'challenged', challenged, 'skipped', skipped,
        'failed', failed)) VIRTUAL
);
CREATE INDEX runs_by_site ON runs (site, started_at);

-- What a run did not fetch, or fetched to no article, by reason.
CREATE TABLE skips (
    run_id INTEGER NOT NULL REFERENCES runs, reason TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (run_id, reason)
) WITHOUT ROWID;

-- One row an article: its newest state, kept beside the versions so that it can be read, faceted and searched at once.
CREATE TABLE articles (
    id INTEGER PRIMARY KEY, site TEXT NOT NULL, url TEXT NOT NULL UNIQUE,
    status TEXT NOT NULL, -- live, withdrawn, redacted
    title TEXT NOT NULL, text TEXT NOT NULL, title_original TEXT NOT NULL, text_original TEXT NOT NULL,
    source TEXT NOT NULL, source_title TEXT NOT NULL, author TEXT NOT NULL, editor TEXT NOT NULL,
    published_at TEXT, language TEXT NOT NULL, flags TEXT NOT NULL,
    first_seen_at TEXT NOT NULL, last_seen_at TEXT NOT NULL, last_checked_at TEXT NOT NULL,
    last_changed_at TEXT NOT NULL, version_count INTEGER NOT NULL, current_version_id INTEGER NOT NULL
);
CREATE INDEX articles_by_site ON articles (site, published_at);
CREATE INDEX articles_by_publication ON articles (published_at);
CREATE INDEX articles_by_status ON articles (status);
CREATE INDEX articles_by_first_seen ON articles (first_seen_at);
CREATE INDEX articles_by_source ON articles (source);

-- One row a distinct state of an article; what was read of it is in readings. People read the view versions.
CREATE TABLE version_rows (
    id INTEGER PRIMARY KEY, article_id INTEGER NOT NULL REFERENCES articles, number INTEGER NOT NULL,
    first_seen_at TEXT NOT NULL, last_seen_at TEXT NOT NULL, fingerprint TEXT NOT NULL,
    superseded_by INTEGER REFERENCES version_rows, current_reading_id INTEGER NOT NULL,
    UNIQUE (article_id, number)
);

-- What each reader made of each version; appended, never changed.
CREATE TABLE readings (
    id INTEGER PRIMARY KEY, version_id INTEGER NOT NULL REFERENCES version_rows, capture_id TEXT NOT NULL,
    reader TEXT NOT NULL, read_at TEXT NOT NULL,
    title TEXT NOT NULL, text TEXT NOT NULL, title_original TEXT NOT NULL, text_original TEXT NOT NULL,
    source TEXT NOT NULL, source_title TEXT NOT NULL, author TEXT NOT NULL, editor TEXT NOT NULL,
    published_at TEXT, updated_at TEXT, language TEXT NOT NULL, flags TEXT NOT NULL,
    keywords TEXT NOT NULL, image TEXT, attachments TEXT NOT NULL -- JSON: pairs of name and address
);
CREATE INDEX readings_by_version ON readings (version_id);

-- The captures that a version was read from; an article of several pages has several parts.
CREATE TABLE version_captures (
    version_id INTEGER NOT NULL REFERENCES version_rows, part INTEGER NOT NULL, capture_id TEXT NOT NULL,
    PRIMARY KEY (version_id, part)
) WITHOUT ROWID;

-- Every fetch, also of lists, of pages that are no articles, and those that failed. Payloads are in captures.db, by
-- digest; a fetch that brought what was there before (304, or the same bytes) has verdict unmodified.
CREATE TABLE captures (
    id TEXT PRIMARY KEY, article_id INTEGER REFERENCES articles, version_id INTEGER REFERENCES version_rows,
    run_id INTEGER REFERENCES runs, url TEXT NOT NULL, final_url TEXT NOT NULL, fetched_at TEXT NOT NULL,
    http_status INTEGER, verdict TEXT NOT NULL, reason TEXT NOT NULL, digest TEXT, etag TEXT, last_modified TEXT,
    bytes INTEGER
);
CREATE INDEX captures_by_article ON captures (article_id, fetched_at);
CREATE INDEX captures_by_run ON captures (run_id);

-- Something that happened to an article. detail is JSON; what it holds for each kind is in docs/schema.md.
CREATE TABLE events (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, article_id INTEGER NOT NULL REFERENCES articles,
    run_id INTEGER REFERENCES runs, kind TEXT NOT NULL, detail TEXT NOT NULL
);
CREATE INDEX events_by_article ON events (article_id, at);
CREATE INDEX events_by_kind ON events (kind, at);

-- Other addresses at which an article was met.
CREATE TABLE aliases (url TEXT PRIMARY KEY, article_id INTEGER NOT NULL REFERENCES articles) WITHOUT ROWID;
CREATE INDEX aliases_by_article ON aliases (article_id);

-- Internal: what is due when, also for addresses that are no articles (yet), with the validators of the last answer.
CREATE TABLE pages (
    url TEXT PRIMARY KEY, site TEXT NOT NULL, article_id INTEGER REFERENCES articles, first_seen_at TEXT NOT NULL,
    fetched_at TEXT, due_at TEXT NOT NULL, fetches INTEGER NOT NULL DEFAULT 0, failures INTEGER NOT NULL DEFAULT 0,
    verdict TEXT, capture_id TEXT, digest TEXT, etag TEXT, last_modified TEXT, reader TEXT,
    suspected_at TEXT, suspected_run_id INTEGER
) WITHOUT ROWID;
CREATE INDEX pages_by_due ON pages (site, due_at);
CREATE INDEX pages_by_article ON pages (article_id);

-- Internal: hosts to leave alone until a time, since they asked for it or challenged us.
CREATE TABLE hosts (host TEXT PRIMARY KEY, until TEXT NOT NULL, reason TEXT NOT NULL) WITHOUT ROWID;

CREATE VIEW versions AS
SELECT v.id, v.article_id, v.number, v.first_seen_at, v.last_seen_at, v.fingerprint, v.superseded_by,
    r.title, r.text, r.title_original, r.text_original, r.source, r.source_title, r.author, r.editor, r.published_at,
    r.updated_at, r.language, r.flags, r.attachments, r.reader
FROM version_rows v LEFT JOIN readings r ON r.id = v.current_reading_id;

-- The publishers' changes, newest first. kinds are parted by a blank, size is in characters removed and added.
CREATE VIEW changes AS
SELECT e.id, e.at, a.site, a.url, a.title, e.article_id,
    (SELECT group_concat(value, ' ') FROM json_each(e.detail, '$.kinds')) AS kinds,
    json_extract(e.detail, '$.size') AS size,
    json_extract(e.detail, '$.from') AS from_version, json_extract(e.detail, '$.version') AS to_version,
    json_extract(e.detail, '$.kinds[0]') AS kind
FROM events e JOIN articles a ON a.id = e.article_id
WHERE e.kind = 'changed' ORDER BY e.at DESC, e.id DESC;

-- How each site did: its last finished run, and the last one that brought something.
CREATE VIEW site_health AS
SELECT s.id AS site, s.name, s.enabled, s.reason AS disabled_because, r.outcome AS last_outcome,
    r.reason AS last_reason, r.finished_at AS last_run_at, r.discovered, r.fetched, r.new, r.changed, r.challenged,
    r.failed,
    (SELECT max(first_seen_at) FROM articles a WHERE a.site = s.id) AS newest_article_at,
    (SELECT count(*) FROM articles a WHERE a.site = s.id) AS articles,
    (SELECT max(finished_at) FROM runs g WHERE g.site = s.id AND g.outcome = 'complete') AS last_complete_at
FROM sites s LEFT JOIN runs r ON r.id = (SELECT max(id) FROM runs WHERE site = s.id AND finished_at IS NOT NULL);
"""

# Han characters are indexed in pairs, and a run's last one alone: a word of two characters is one token, a longer one a
# phrase of pairs, a single character the beginning of a pair. No pair reaches over a mark or a paragraph, and marks are
# tokens too, so that no phrase does. The text comes first since every other column costs two bytes more an entry. The
# comment in the table's SQL is how Datasette finds the index of the table articles.
TOKENS = """tokenize="unicode61 remove_diacritics 2 categories 'L* N* Co P* S*'" """.strip()
FIRST_INDEX = f"""
CREATE VIEW articles_separated AS
SELECT id, {separated("text")} AS text, {separated("title")} AS title FROM articles;

CREATE VIRTUAL TABLE articles_fts USING fts5 /* content="articles" */ (
    text, title, content='articles_separated', content_rowid='id', {TOKENS}
);

-- The same of the versions that their articles do not show now.
CREATE VIEW versions_separated AS
SELECT v.id, {separated("r.text")} AS text, {separated("r.title")} AS title
FROM version_rows v JOIN articles a ON a.id = v.article_id JOIN readings r ON r.id = v.current_reading_id
WHERE v.id <> a.current_version_id;

CREATE VIRTUAL TABLE versions_fts USING fts5 (
    text, title, content='versions_separated', content_rowid='id', {TOKENS}
);

-- Internal, for ranking: the words and characters of each article, see archive.store.index.
CREATE VIRTUAL TABLE articles_words USING fts5 (words, content='', detail=none);

-- Merging 32 segments at once costs a third of what merging four does, and searching more of them hardly anything. With
-- the second option they are merged little by little: by default the sixteenth would wait until all were merged.
INSERT INTO articles_fts (articles_fts, rank) VALUES ('automerge', 32), ('crisismerge', 64);
INSERT INTO articles_words (articles_words, rank) VALUES ('automerge', 32), ('crisismerge', 64);

-- What search calls newest: the page's own time, else when we saw it first, in China's time.
CREATE INDEX articles_by_date ON articles (
    coalesce(published_at, strftime('%Y-%m-%dT%H:%M', first_seen_at, '+8 hours'))
);
"""
