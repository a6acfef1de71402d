"""Site files on trial, and first proposals of them."""
