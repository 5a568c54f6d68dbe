"""The facts of one answer, each told by the kind of thing it names.

What belongs here: telling single facts. What never does: sentences made of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.pages.lens import Lens
from api.pages.question_cells import text_of


@dataclass(frozen=True)
class Facts:
    """The facts of one answer, told by the kind of each."""

    lens: Lens
    values: Mapping[str, Any]
    opened: Mapping[str, str]

    def __getitem__(self, key: str) -> Any:
        return self.values[key]

    def told(self, key: str, kind: str = "", *, none: str = "") -> str:
        """Say one fact; one that is not there by `none`, else as not recorded."""
        told = text_of(self.lens, kind, self.values.get(key), self.opened)
        return told or none or self.lens("not recorded")

    def when(self, key: str) -> str:
        """Say when something was."""
        at: datetime | None = self.values.get(key)
        return self.lens.when(at) if at is not None else self.lens("not recorded")

    def number(self, key: str, *, none: str = "") -> str:
        """Say a number; one that is not there by `none`, else as not recorded."""
        return self.lens.number(self.values.get(key)) or none or self.lens("not recorded")
