"""The console's pages: HTML over the same services that the API uses; no rule lives here."""
