"""State of the people around an incident: who stands in, who was invited, what is held."""

from dataclasses import dataclass

from domain.people import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleState:
    """Everything known about the team; `deputies_active` are roles whose deputy may act now."""

    deputies_active: tuple[Role, ...] = ()
