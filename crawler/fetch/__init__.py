"""How pages are fetched: within bounds, politely, and by a browser where scripts make the text."""
