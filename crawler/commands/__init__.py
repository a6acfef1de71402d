"""The crawler's commands, a module each, and what they share."""
