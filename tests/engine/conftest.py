"""Databases for the tests of the whole engine: each story runs on SQLite and on PostgreSQL."""

from tests.database import database, database_url, engine, postgres

__all__ = ["database", "database_url", "engine", "postgres"]
