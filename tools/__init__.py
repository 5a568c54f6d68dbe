"""Make-time scripts: the environment, the locks, the house rules; never imported by a room."""
