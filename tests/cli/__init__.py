"""The command line: supervision with real processes, and what each verb prints and exits with."""
