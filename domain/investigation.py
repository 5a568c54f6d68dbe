"""Stage `investigation`."""
