"""Workflows decide and perform; they name activities and never touch storage or integrations."""
