"""Verbs on the world, one file per kind of thing; no rule of the plan lives here."""
