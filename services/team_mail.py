"""The way of letters to the team: through the mail server that the settings' files name.

What belongs here: reading those files. What never does: which of their servers is taken
(integrations/team_mail.py), or sending.
"""

from collections.abc import Callable

from integrations.bounces import Marks
from integrations.team_mail import TeamMail, team_mail
from services.connections import connections_of
from services.house import House
from services.outlets import outlets_of
from services.settings import Settings
from storage import company


def team_mail_of(house: House) -> TeamMail | None:
    """Give the way of letters to the team; None in a demo, and where no mail server is named.

    Raises BrokenSetup.
    """
    if company.is_demo(house.engine):
        return None
    return named_mail(house.settings, Marks(house.ring).mark)


def named_mail(settings: Settings, mark: Callable[[str], str] = lambda _key: "") -> TeamMail | None:
    """Give the way that the settings name, in a demo too. Raises BrokenSetup."""
    return team_mail(connections_of(settings), outlets_of(settings).press_list, mark)
