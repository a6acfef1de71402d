"""The archive's commands, and how their answers look."""
