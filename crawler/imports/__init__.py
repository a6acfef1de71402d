"""Pages that others fetched, brought into the archive."""
