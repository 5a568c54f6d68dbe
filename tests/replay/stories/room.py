"""An inspector's room: opened, entered, asked in, answered, kept open longer and closed."""

from services.rooms import ROOMS, ask, code_of, find, is_code, path_of
from tests.replay.scene import LEGAL, REGULATORY, Scene
from tests.replay.stories.incident import in_days
from tests.replay.taking import Story
from workflows.ids import incident_workflow


async def room(on: Scene) -> Story:
    """Open a room, ask in it as the inspector does, answer, and close it."""
    await on.reports()
    body = {
        "inspector": "Wang Fang, invented",
        "firm": "Authority of Linhu, invented",
        "purpose": "Inspection of the recall",
        "parts": ["timeline", "ledger", "proofs"],
        "classes": ["restricted"],
    }
    await on.does(LEGAL, "open_room", **body)
    await _asks(on, "Which lots were made on that day?")
    await on.does(REGULATORY, "answer_in_room", question="Q1", words="L1 alone.")
    await on.does(LEGAL, "extend_room", room="R1", until_at=in_days(20))
    await on.does(LEGAL, "close_room", room="R1")
    await on.stands_still()
    return Story((on.incident,), (incident_workflow(on.incident),))


async def _asks(on: Scene, words: str) -> None:
    """Ask as the inspector does, in the room that the link and the code lead to."""
    found = find(on.house, path_of(on.house, on.incident, "R1").removeprefix(ROOMS))
    assert found is not None
    assert is_code(on.house, found, code_of(on.house, on.incident, "R1"))
    await ask(on.house, found, words, None, "once")
