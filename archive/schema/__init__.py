"""The two files' schemas as ordered migrations of commented SQL. What people may rely on is in docs/schema.md.

Times that we saw are UTC, `2026-11-24T08:30:00Z`; times that a page says are as in `archive.models.Reading`.
"""
