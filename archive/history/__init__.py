"""What makes an article's history: versions, changes, withdrawals, and all of it told anew. Pure."""
