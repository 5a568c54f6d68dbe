"""Stage `recall`."""
