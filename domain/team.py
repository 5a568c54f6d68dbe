"""Stage `team`."""
