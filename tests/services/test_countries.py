"""Which codes of countries and regions there are."""

from services.countries import countries


def test_a_person_can_be_in_northern_ireland() -> None:
    """Its law of goods is not that of Great Britain, so that it has a code: XI."""
    assert "XI" in countries()
    assert not {"EU", "XX"} & countries()
