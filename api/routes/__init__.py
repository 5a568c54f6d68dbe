"""The JSON API, one file per kind of thing; each route is thin: read, call a service, answer."""
