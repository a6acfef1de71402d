"""The errors that the archive raises on purpose; each message says what is wrong and what to do."""


class YiwenError(Exception):
    """Base of every error that is meant for a person; the command line prints it as one line and exits with 1."""


class UsageError(YiwenError):
    """What was asked for is wrong in itself; the command line exits with 2."""


class ArchiveError(YiwenError):
    """The archive cannot be opened or used: missing, locked, damaged, of a newer schema, not a database."""


class EvidenceLost(ArchiveError):
    """A stored page is missing from captures.db, or is not what was stored."""


class Unreadable(YiwenError):
    """A file to import is not what it should be, or ends too early."""


class NotInArchive(YiwenError):
    """No article of the archive has this address, version or date."""
