"""What is typed late in an incident: the longer story of the private fields that erasing must reach.

What belongs here: acts that need a standing text, a duty, an order or a room, each filled with a
marker. What never does: looking for it afterwards (test_erased.py).
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from services import rooms
from services.answer_links import path_of
from services.house import House
from tests.api.browsing import Browser, Seen, browser
from tests.api.pages.test_offered import done
from tests.api.serving import Served

TEXTS = [{"language": "en", "title": "What we say", "body": "We look into it."}]
ALL = ("su.ran", "fang.zheng", "lin.wei", "jonas.brandt", "oliver.hayes")


def tell_the_rest(served: Served, house: House, number: str, mark: str) -> set[str]:
    """Go on with a reported incident until every late private field was typed; give their names."""
    done(served.person("gao.yuan"), number, "report/accept_report")
    _answer_a_question(served, number, mark)
    _share_before_publication(served, number, mark)
    _answer_an_order(served, house, number, mark)
    _ask_and_answer_in_a_room(served, house, number, mark)
    _determine(served, number, mark)
    return {
        "answer_enquiry.transcript", "share_preview.whom", "answer_order.answered_by",
        "open_room.inspector", "ask_in_room.words", "answer_in_room.words",
        "determine_not_reportable.legal_view",
    }  # fmt: skip


def _state(served: Served, number: str) -> dict[str, Any]:
    told: dict[str, Any] = served.person("su.ran").get(f"/api/incidents/{number}").json()["state"]
    return told


def _standing_text(served: Served, number: str, kind: str, approvers: tuple[str, ...]) -> str:
    """Draft a text, let those who must read it approve it, and give its id."""
    before = set(_state(served, number)["statement"]["statements"])
    draft = {"kind": kind, "markets": ["GB"], "texts": TEXTS, "hand_in": True}
    done(served.person("ye.fan"), number, "statement/draft_statement", **draft)
    texts = _state(served, number)["statement"]["statements"]
    (made,) = set(texts) - before
    for name in approvers:
        done(served.person(name), number, f"statement/{made}/approve_statement",
             sha256=texts[made]["sha256"])  # fmt: skip
    return str(made)


def _answer_a_question(served: Served, number: str, mark: str) -> None:
    text = _standing_text(served, number, "qa", ("su.ran", "fang.zheng"))
    done(served.person("su.ran"), number, "statement/E1/answer_enquiry",
         statement=text, language="en", spoken=True, transcript=f"{mark} on the telephone")  # fmt: skip


def _share_before_publication(served: Served, number: str, mark: str) -> None:
    text = _standing_text(served, number, "holding", ALL)
    sha256 = _state(served, number)["statement"]["statements"][text]["sha256"]
    until = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    done(served.person("su.ran"), number, f"statement/{text}/share_preview",
         sha256=sha256, whom=f"{mark} of a newspaper", until=until)  # fmt: skip


def _answer_an_order(served: Served, house: House, number: str, mark: str) -> None:
    """Answer as a channel does: by its link, without an account."""
    channels = _state(served, number)["halt"]["channels"]
    channel, halt = next((key, one) for key, one in sorted(channels.items()) if one.get("order"))
    with served.visitor() as visitor:
        answer = visitor.post(
            path_of(house, number, channel, halt["order"]),
            data={"answer": "stopped", "name": f"{mark} at the till", "seen": "0"},
        )
    assert answer.status_code == 303, answer.text


def _ask_and_answer_in_a_room(served: Served, house: House, number: str, mark: str) -> None:
    done(served.person("gao.yuan"), number, "people/open_room", inspector=f"{mark} the inspector",
         firm="Shanghai MPA", purpose="Look", parts=["timeline", "report"])  # fmt: skip
    there, inside = _entered(served, house, number)
    asked = there.send(inside, inside.form("/ask#questions"), words=f"What of {mark}?")
    assert asked.status == 200, asked.text
    there.client.close()
    done(served.person("fang.zheng"), number, "people/Q1/answer_in_room", words=f"{mark} is well.")


def _entered(served: Served, house: House, number: str) -> tuple[Browser, Seen]:
    """Enter the room as its inspector does; give the browser and its first page."""
    there = browser(served.url, "en")
    door = there.open(rooms.path_of(house, number, "R1"))
    code = rooms.code_of(house, number, "R1")
    return there, there.send(door, door.form(door.address), code=code)


def shown_in_the_room(served: Served, house: House, number: str) -> str:
    """Read what the inspector reads; a room whose inspector was erased leads to nothing."""
    with served.visitor() as anybody:
        door = anybody.get(rooms.path_of(house, number, "R1"))
    if door.status_code == 404:
        return door.text
    there, inside = _entered(served, house, number)
    there.client.close()
    assert inside.status == 200, inside.text
    return inside.html


def _determine(served: Served, number: str, mark: str) -> None:
    """Determine the last of the duties, with counsel's view of the person."""
    bai, duties = served.person("bai.lu"), _state(served, number)["notice"]["duties"]
    assert len(duties) > 1, "the others stay open, with the reports that quote the person"
    duty = max(duties)
    done(bai, number, f"notice/{duty}/determine_not_reportable",
         reason="Another product.", legal_view=f"{mark} has no claim")  # fmt: skip
    for act in bai.get(f"/api/incidents/{number}").json()["state"]["pending"]:
        done(served.person("fang.zheng"), number, f"people/{act}/sign_act")
