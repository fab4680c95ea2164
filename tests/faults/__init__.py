"""Faults of every AWS call of every event file, and the repeat of the event by its source."""
