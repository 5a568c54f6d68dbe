"""Databases for the storage tests."""

from tests.database import database, database_url, engine, postgres

__all__ = ["database", "database_url", "engine", "postgres"]
