"""From the first call to the seal: seven stages, by different people, from the pages alone."""

from tests.browser.play import Play


def test_an_incident_is_played_from_the_report_to_the_seal(half_played: Play) -> None:
    half_played.is_ended()
