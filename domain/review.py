"""Stage `review`."""
