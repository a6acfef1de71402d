"""The service that runs for years: what is due when, jobs of maintenance, notifications."""
