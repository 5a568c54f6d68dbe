"""Tests of the verbs on the world."""
