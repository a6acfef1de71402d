"""The full-text indexes: kept by hand, since triggers in SQL are fifteen times slower.

`articles_fts` finds articles as they are now, `versions_fts` the versions that they do not show. `articles_words` says
which hits are whole words, and finds single characters fast: its tokens are `w` and a word, `t` and a word of the
headline, `c` and a character, `h` and a character of the headline.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sqlite_utils import Database

from archive.schema.first import TOKENS
from archive.store.connection import count_of, transaction
from archive.text import han_characters, separate
from archive.watching import Watch, unwatched, watched
from archive.words import han_words_within


def add(db: Database, article_id: int, title: str, text: str) -> None:
    """Index a new article."""
    db.conn.execute(
        "INSERT INTO articles_fts (rowid, text, title) VALUES (?, ?, ?)",
        (article_id, separate(text), separate(title)),
    )
    db.conn.execute("INSERT INTO articles_words (rowid, words) VALUES (?, ?)", (article_id, word_tokens(title, text)))


def remove(db: Database, article_id: int, title: str, text: str) -> None:
    """Take an article out of the index; `title` and `text` must be what it was indexed with."""
    db.conn.execute(
        "INSERT INTO articles_fts (articles_fts, rowid, text, title) VALUES ('delete', ?, ?, ?)",
        (article_id, separate(text), separate(title)),
    )
    db.conn.execute(
        "INSERT INTO articles_words (articles_words, rowid, words) VALUES ('delete', ?, ?)",
        (article_id, word_tokens(title, text)),
    )


def forget(db: Database, article_id: int) -> None:
    """Take an article and its versions out of the indexes, before its rows change."""
    for (version_id,) in db.conn.execute("SELECT id FROM version_rows WHERE article_id = ?", (article_id,)).fetchall():
        remove_version(db, version_id)
    remove(db, article_id, *_shown(db, article_id))


def learn(db: Database, article_id: int) -> None:
    """Put an article that is not in the indexes into them, with its versions."""
    add(db, article_id, *_shown(db, article_id))
    settle_versions(db, article_id)


def _shown(db: Database, article_id: int) -> tuple[str, str]:
    return db.conn.execute("SELECT title, text FROM articles WHERE id = ?", (article_id,)).fetchone()


def word_tokens(title: str, text: str) -> str:
    """The tokens of an article in `articles_words`, each once, parted by blanks."""
    words, characters = han_words_within(title), han_characters(title)
    marked = (
        ("w", words | han_words_within(text)),
        ("t", words),
        ("c", characters | han_characters(text)),
        ("h", characters),
    )
    return " ".join(mark + f" {mark}".join(tokens) for mark, tokens in marked if tokens)


def add_version(db: Database, version_id: int) -> None:
    """Index a version that its article does not show any more."""
    title, text = _version(db, version_id)
    db.conn.execute(
        "INSERT INTO versions_fts (rowid, text, title) VALUES (?, ?, ?)", (version_id, separate(text), separate(title))
    )


def remove_version(db: Database, version_id: int) -> bool:
    """Take a version out of the index, before its reading changes; whether it was in it."""
    if not _has_version(db, version_id):
        return False
    title, text = _version(db, version_id)
    db.conn.execute(
        "INSERT INTO versions_fts (versions_fts, rowid, text, title) VALUES ('delete', ?, ?, ?)",
        (version_id, separate(text), separate(title)),
    )
    return True


def _has_version(db: Database, version_id: int) -> bool:
    found = db.conn.execute("SELECT 1 FROM versions_fts_docsize WHERE id = ?", (version_id,))
    return found.fetchone() is not None


def settle_versions(db: Database, article_id: int) -> None:
    """Index just those versions of an article that it does not show now and that were no reader's error."""
    wanted = {row[0] for row in db.conn.execute(f"{_OLDER} AND a.id = ?", (article_id,))}
    for (version_id,) in db.conn.execute("SELECT id FROM version_rows WHERE article_id = ?", (article_id,)).fetchall():
        if version_id not in wanted:
            remove_version(db, version_id)
        elif not _has_version(db, version_id):
            add_version(db, version_id)


def _version(db: Database, version_id: int) -> tuple[str, str]:
    return db.conn.execute("SELECT title, text FROM versions WHERE id = ?", (version_id,)).fetchone()


_OLDER = (
    "SELECT v.id FROM version_rows v JOIN articles a ON a.id = v.article_id"
    " WHERE v.id <> a.current_version_id AND v.superseded_by IS NULL"
)


def renew(db: Database, watch: Watch = unwatched) -> int:
    """Write the indexes anew from the articles. Returns how many those are."""
    for table in ("articles_fts", "articles_words", "versions_fts"):
        db.conn.execute(f"INSERT INTO {table} ({table}) VALUES ('delete-all')")
    ids = [row[0] for row in db.conn.execute("SELECT id FROM articles ORDER BY id")]
    for article_id in watched(ids, watch, "articles", len(ids)):
        add(db, article_id, *_shown(db, article_id))
    older = db.conn.execute(_OLDER).fetchall()
    for (version_id,) in watched(older, watch, "older versions", len(older)):
        add_version(db, version_id)
    return len(ids)


def check(db: Database) -> None:
    """Look whether the indexes are whole in themselves. Raises sqlite3.DatabaseError where one is not."""
    for table in ("articles_fts", "versions_fts", "articles_words"):
        with transaction(db):
            db.conn.execute(f"INSERT INTO {table} ({table}) VALUES ('integrity-check')")


_TEXTS = {
    "articles_fts": "SELECT id, text, title FROM articles",
    "versions_fts": "SELECT v.id, v.text, v.title FROM versions v JOIN articles a ON a.id = v.article_id"
    " WHERE v.id <> a.current_version_id AND v.superseded_by IS NULL",
}


def texts_differ(db: Database, watch: Watch = unwatched) -> int:
    """How many tokens of the full-text indexes are in another number of articles or versions, or as often, than in the
    texts, which are indexed again aside.

    FTS5 could compare them itself, and would hold up whoever writes meanwhile: for an hour, with a million articles.
    """
    return sum(_differ(db, table, watch) for table in _TEXTS)


def _differ(db: Database, table: str, watch: Watch) -> int:
    db.conn.execute(f"CREATE VIRTUAL TABLE temp.anew USING fts5(text, title, content='', {TOKENS})")
    texts = watched(db.conn.execute(_TEXTS[table]), watch, table, count_of(db, f"{table}_docsize"))
    separated = ((number, separate(text), separate(title)) for number, text, title in texts)
    db.conn.executemany("INSERT INTO temp.anew (rowid, text, title) VALUES (?, ?, ?)", separated)
    db.conn.execute(f"CREATE VIRTUAL TABLE temp.kept_tokens USING fts5vocab(main, {table}, col)")
    db.conn.execute("CREATE VIRTUAL TABLE temp.new_tokens USING fts5vocab(temp, anew, col)")
    kept, new = (f"SELECT term, col, doc, cnt FROM temp.{name}" for name in ("kept_tokens", "new_tokens"))
    either = f"SELECT * FROM ({kept} EXCEPT {new}) UNION SELECT * FROM ({new} EXCEPT {kept})"
    found = int(db.conn.execute(f"SELECT count(DISTINCT term) FROM ({either})").fetchone()[0])
    for temporary in ("kept_tokens", "new_tokens", "anew"):
        db.conn.execute(f"DROP TABLE temp.{temporary}")
    return found


def words_differ(db: Database, watch: Watch = unwatched) -> int:
    """How many tokens of `articles_words` stand for another number of articles than have them."""
    db.conn.execute("CREATE VIRTUAL TABLE IF NOT EXISTS temp.word_counts USING fts5vocab(main, articles_words, row)")
    kept = Counter(dict(db.conn.execute("SELECT term, doc FROM temp.word_counts")))
    articles = watched(_articles(db), watch, "words of articles", count_of(db, "articles"))
    there = Counter(token for title, text in articles for token in word_tokens(title, text).split())
    return sum(kept[token] != there[token] for token in kept.keys() | there.keys())


def _articles(db: Database) -> Iterator[tuple[str, str]]:
    yield from db.conn.execute("SELECT title, text FROM articles")
