"""Exports, one module a format; each gives its file in chunks, so that no archive has to fit into memory."""
