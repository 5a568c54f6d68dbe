"""Where the page of a duty stands, and the link to it from everywhere a duty is named.

What belongs here: the address. What never does: the page (duty.py).
"""

from api.pages.lens import Drawn
from api.pages.looking import View


def duty_address(view: View, duty: str) -> str:
    """Give the page of a duty; nothing for what is no duty here, and as of the past."""
    if view.as_of is not None or duty not in view.state.notice.duties:
        return ""
    return f"{view.address}/notice/{duty}"


def duty_link(view: View, duty: str) -> list[Drawn]:
    """Give a link to a duty's page, named by what is there."""
    address = duty_address(view, duty)
    return [{"text": view.lens("How this clock is counted"), "href": address}] if address else []
