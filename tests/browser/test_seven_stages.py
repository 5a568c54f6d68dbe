"""From the first call to the seal: seven stages, by different people, from the pages alone."""

from tests.browser.play import Play


def test_an_incident_is_played_from_the_report_to_the_seal(half_played: Play) -> None:
    play = half_played
    play.is_brought_by_hand()
    play.is_carried_out()
    play.is_brought_back()
    play.is_told_to_authorities()
    play.is_found()
    play.is_completed()
    play.is_resumed()
    play.is_learnt_from()
    play.is_sealed()
