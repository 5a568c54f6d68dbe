"""Measurements beside their reference; never a timed test."""
