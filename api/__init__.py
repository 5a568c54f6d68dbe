"""The HTTP edge: JSON routes, pages and streams; never a rule."""
