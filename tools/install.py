"""Put this checkout into the environment that runs this file: import path, metadata, commands.

Belongs here: what `pip install --editable` would do, with the standard library alone. An
application that is run from its own folder needs no build backend, and none has to be locked,
fetched and trusted (docs/decisions/0002). Never here: packages of other people.
"""

from __future__ import annotations

import sys
import sysconfig
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent

# A shebang line cannot hold a path with spaces; this is one file to the shell and to Python.
COMMAND = """\
#!/bin/sh
'''exec' "{python}" "$0" "$@"
' '''
import sys

from {module} import {function}

sys.exit({function}())
"""


def write_metadata(project: dict[str, Any], site: Path) -> None:
    """Write the metadata folder, so that `importlib.metadata` and pip know name and version."""
    name, version = project["name"], project["version"]
    stem = name.replace("-", "_")
    for old in site.glob(f"{stem}-*.dist-info"):
        for part in old.iterdir():
            part.unlink()
        old.rmdir()
    folder = site / f"{stem}-{version}.dist-info"
    folder.mkdir()
    metadata = (
        f"Metadata-Version: 2.4\nName: {name}\nVersion: {version}\n"
        f"License-Expression: {project['license']}\n"
    )
    (folder / "METADATA").write_text(metadata, encoding="utf-8")
    (folder / "INSTALLER").write_text("tools/install.py\n", encoding="utf-8")
    (folder / "RECORD").write_text(f"{stem}.pth,,\n{folder.name}/METADATA,,\n", encoding="utf-8")
    (site / f"{stem}.pth").write_text(f"{ROOT}\n", encoding="utf-8")


def write_commands(commands: dict[str, str], folder: Path) -> None:
    """Write one executable file for each `name = "module:function"` of the project's table."""
    for name, target in commands.items():
        module, function = target.split(":")
        path = folder / name
        text = COMMAND.format(python=sys.executable, module=module, function=function)
        path.write_text(text, encoding="utf-8")
        path.chmod(0o755)


def main() -> int:
    """Install what pyproject.toml names; safe to run again."""
    if sys.prefix == sys.base_prefix:
        print("andon: run this with the Python of an environment, as tools/bootstrap does.")
        return 2
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    write_metadata(project, Path(sysconfig.get_path("purelib")))
    write_commands(project["scripts"], Path(sysconfig.get_path("scripts")))
    return 0


if __name__ == "__main__":
    sys.exit(main())
