"""One file per outside system behind a small port; never a rule, never the database."""
