"""The house rules as small checks over the syntax tree, run by `make lint` and by the tests.

Belongs here: a rule that was worth saying twice and that ruff, mypy and import-linter cannot say.
Each finding says what is wrong and what to do. A line (or the line below a comment) is let through
by naming the rule and the reason:

    # house: allow commit - the archive's own file, which has no ledger

A whole file is let through by the same words with `allow-file`. Never here: taste without a
consequence, or a rule that another tool already has.
"""
