"""archive.db: its schema as ordered migrations."""

from __future__ import annotations

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from archive.evidence import chain
from archive.schema import first, later
from archive.schema.script import CHAIN, run

archive_migrations = Migrations("yiwen.archive")


@archive_migrations()
def m001_tables(db: Database) -> None:
    run(db, first.FIRST_ARCHIVE)


@archive_migrations()
def m002_index(db: Database) -> None:
    run(db, first.FIRST_INDEX)


@archive_migrations()
def m002_service(db: Database) -> None:
    run(db, later.SERVICE)


@archive_migrations()
def m002_newest_of_site(db: Database) -> None:
    """How new a site's articles are must not be asked of rows that hold whole texts."""
    db.execute("CREATE INDEX articles_by_site_first_seen ON articles (site, first_seen_at)")


@archive_migrations()
def m003_health(db: Database) -> None:
    run(db, later.HEALTH)


@archive_migrations()
def m004_attachments(db: Database) -> None:
    run(db, later.ATTACHMENTS)


@archive_migrations()
def m005_chain(db: Database) -> None:
    run(db, CHAIN)
    chain.build(db, chain.ARCHIVE)


@archive_migrations()
def m006_places(db: Database) -> None:
    run(db, later.PLACES)


@archive_migrations()
def m007_replay(db: Database) -> None:
    run(db, later.REPLAY)


@archive_migrations()
def m008_strikes(db: Database) -> None:
    run(db, later.STRIKES)


@archive_migrations()
def m009_at_any_size(db: Database) -> None:
    run(db, later.AT_ANY_SIZE)


@archive_migrations()
def m010_in_order(db: Database) -> None:
    run(db, later.IN_ORDER)
