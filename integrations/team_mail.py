"""Letters to people of the company as e-mails: through which mail server, and in which form.

What belongs here: which of the servers that the installation names is taken, and a letter as it
goes over the line. What never does: who is told, the words (activities/messages.py), when it is
tried again (activities/team_letters.py), or SMTP (press_mail.py).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from integrations.adapter_email import server_behind
from integrations.connections import Connection
from integrations.mail_server import Mailbox, MailServer, is_address, is_here
from integrations.press_list import PressList
from integrations.press_mail import Letter, message_id


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamMail:
    """The way of letters to the team: a mail server, where answers go, and the marks of messages.

    `mark` gives what stands in the return path of a letter, by the key of its effect.
    """

    server: MailServer
    reply_to: str = ""
    mark: Callable[[str], str] = lambda _key: ""

    def reaches(self, address: str) -> bool:
        """Say whether a letter can go there: it is one e-mail address."""
        return is_address(address)

    def number(self, effect_key: str) -> str:
        """Give the Message-ID of a letter: the same however often it is handed over."""
        return message_id(effect_key, self.server.domain)

    def letter(
        self, *, effect_key: str, to: str, language: str, subject: str, body: str, number: str
    ) -> Letter:
        """Give a letter as it is handed over."""
        return Letter(
            to=Mailbox(name="", address=to),
            language=language,
            subject=subject,
            body=body,
            message_id=number or self.number(effect_key),
            mark=self.mark(effect_key),
            reply_to=self.reply_to,
        )


def team_mail(
    connections: Iterable[Connection], press_list: PressList | None, mark: Callable[[str], str]
) -> TeamMail | None:
    """Give the way of letters to the team: the first connection `email`, else the press list's.

    None where neither is there, or the press list's goes over the network in the open: a letter
    says what nobody outside may read.
    """
    for one in connections:
        if one.adapter == "email":
            return TeamMail(server=server_behind(one), reply_to=one.value("reply_to"), mark=mark)
    if press_list is None or (press_list.tls == "none" and not is_here(press_list.host)):
        return None
    return TeamMail(server=press_list, mark=mark)
