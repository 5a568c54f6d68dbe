"""Tests that drive a real browser against a real installation, as people use it."""
