"""The storage on SQLite and on PostgreSQL, in the same run."""
