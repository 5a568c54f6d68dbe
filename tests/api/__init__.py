"""Tests of the API and the console."""
