"""From which page of ours a request was sent, as the browser says (`Referer`, RFC 9110, 10.1.3).

What belongs here: reading that header, which anybody may fill with anything. What never does:
deciding by it who may do what.
"""

from urllib.parse import parse_qs, urlsplit

from starlette.requests import Request

from api.access import own_origins


def page_before(request: Request) -> str:
    """Give the path of the page of ours that sent this request, or nothing."""
    try:
        sent_by = urlsplit(request.headers.get("referer", ""))
    except ValueError:
        return ""
    is_ours = f"{sent_by.scheme}://{sent_by.netloc}" in own_origins(request)
    return sent_by.path if is_ours else ""


def asked_before(request: Request, name: str) -> str:
    """Give what the address of that page said about something, or nothing."""
    if not page_before(request):
        return ""
    said = parse_qs(urlsplit(request.headers.get("referer", "")).query, max_num_fields=20)
    return said.get(name, [""])[-1]
