"""What API, CLI and chat share: visibility, envelope, call, translation; no rule lives here."""
