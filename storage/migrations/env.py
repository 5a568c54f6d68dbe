"""How alembic runs here: on the connection and inside the transaction that `migrate` opened.

What belongs here: nothing else. There is no offline mode and no alembic.ini; `andon up` migrates.
"""

from alembic import context

from storage.schema import BULK, LEDGER

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=[LEDGER, BULK],
    # SQLite cannot alter a table; alembic then makes a new one and copies.
    render_as_batch=True,
)
context.run_migrations()
