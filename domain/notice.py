"""Stage `notice`."""
