"""Tests of the whole engine: a real Temporal server, real databases, the real services."""
