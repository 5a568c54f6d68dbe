"""`andon`: the verbs of the command line, put together.

What belongs here: registering verbs. What never does: a verb's own work (one file per family).
"""

import typer

from cli.act import act, acts
from cli.audit import audit, search
from cli.company import company
from cli.dossier import dossier
from cli.drill import drill
from cli.erase import erase
from cli.export_notices import export_notices
from cli.plan import plan
from cli.read_bounces import read_bounces
from cli.replay import replay
from cli.report import report
from cli.serve import serve
from cli.setting_up import HOOKS
from cli.status import duties, status
from cli.up import typer_command
from cli.user import user
from cli.verify import verify

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
    help="The emergency plan for a product that may hurt people.",
)
app.command("up")(typer_command(HOOKS))
app.command("serve")(serve)
app.command("report")(report)
app.command("act")(act)
app.command("acts")(acts)
app.command("status")(status)
app.command("duties")(duties)
app.command("audit")(audit)
app.command("search")(search)
app.command("drill")(drill)
app.command("verify")(verify)
app.command("dossier")(dossier)
app.command("replay")(replay)
app.command("export-notices")(export_notices)
app.command("read-bounces")(read_bounces)
app.add_typer(plan, name="plan")
app.add_typer(company, name="company")
app.add_typer(user, name="user")
app.add_typer(erase, name="erase")


def main() -> None:
    """Run the command line."""
    app()
