"""Where public pages lead: on this server, or in files that any web server can hand out.

What belongs here: addresses. What never does: what stands there (api/pages/public.py).

A file is named whole, `index.html` too: not every place that hands out files finds it by itself.
"""

from typing import Final


class Addresses:
    """The addresses of this server, which asks for a language and answers for a lot."""

    sheet = "/static/recall.css"
    every = "/recalls"
    is_files = False
    """Whether nobody answers there: what is asked is looked up by the page's own script."""

    def notice(self, name: str, language: str = "") -> str:
        """Give the page of a notice, in the reader's language or in this one."""
        return f"/recalls/{name}" + (f"?lang={language}" if language else "")

    def listed(self, language: str = "") -> str:
        """Give the list of all notices, in the reader's language or in this one."""
        return self.every + (f"?lang={language}" if language else "")

    def paper(self, name: str, language: str) -> str:
        """Give a notice as PDF, in one of its languages."""
        return f"/recalls/{name}.pdf?lang={language}"

    def press_kit(self, name: str) -> str:
        """Give everything about a notice for the press."""
        return f"/recalls/{name}/press-kit.zip"


class FileAddresses(Addresses):
    """The addresses of the export (api/pages/public_export.py)."""

    sheet = "/recalls/assets/recall.css"
    every = "/recalls/index.html"
    is_files = True

    def notice(self, name: str, language: str = "") -> str:
        """Give the page of a notice as a file."""
        return f"/recalls/{name}/{language or 'index'}.html"

    def listed(self, language: str = "") -> str:
        """Give the list of all notices in a language as a file."""
        return f"/recalls/{language or 'index'}.html"

    def paper(self, name: str, language: str) -> str:
        """Give a notice as PDF, as a file."""
        return f"/recalls/{name}/{language}.pdf"

    def lots(self, name: str, language: str, sign: str) -> str:
        """Give the page with the lots of a notice that begin with a sign."""
        return f"/recalls/{name}/lots/{language}-{sign.encode().hex()}.html"


SERVED: Final = Addresses()
FILES: Final = FileAddresses()
