"""Evidence that others can check without us: the chain, and an article's files with their proof."""
