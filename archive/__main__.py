"""`python -m archive`: the archive's commands without the crawler."""

from archive.cli import archive_commands

archive_commands()
