"""Stage `statement`."""
