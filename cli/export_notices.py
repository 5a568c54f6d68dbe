"""`andon export-notices`: the public notices as plain files, for a web server or CDN.

What belongs here: words on the terminal. What never does: what the files hold.
"""

from pathlib import Path
from typing import Annotated

import typer

from cli.setting_up import plain_refusals, show_json, stores

Folder = Annotated[
    Path, typer.Argument(help="Root of the web site; everything is put in its folder recalls.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def export_notices(folder: Folder, *, as_json: AsJson = False) -> None:
    """Write all public notices, with the lot check, as files that need no server of ours.

    Run it again after every change, from cron each minute if you like: what did not change is left,
    and a run that comes while another writes changes nothing and says so.
    """
    with plain_refusals(), stores() as house:
        from api.pages.public_export import LIST, exported
        from services import notices
        from services.files_swapped import alone_at, swap_in

        place = folder.absolute() / "recalls"
        with alone_at(place):
            found, files = len(notices.notices(house)), exported(house)
            changed = swap_in(place, files, LIST)
        if as_json:
            show_json({"folder": str(place), "notices": found, "changed": changed})
        elif changed:
            typer.echo(f"{found} notice(s), {len(files)} files: {place}")
        else:
            typer.echo(f"{found} notice(s); nothing has changed: {place}")
