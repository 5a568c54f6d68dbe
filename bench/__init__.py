"""Measurements beside their reference, each figure with its load; never a timed test."""
