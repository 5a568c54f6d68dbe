"""A duty as the letter about it tells it: by when, on what that rests, and since when.

What belongs here: asking the calendar for a letter, and the sentences around the times. What never
does: setting a due time (the workflow records what the calendar answered).
"""

from activities.calendars import derived
from activities.speaking import Speech
from domain.envelope import DueRequest, Wire
from domain.errors import Malformed

KIND = "duty_arisen"


def with_due(body: Wire) -> Wire:
    """Add to the message of a new duty by when it is due, counted as its own clock counts.

    Nothing is added where no time runs yet, or where the calendar cannot say.
    """
    is_counted = body.get("counts") and body.get("limit") and not body.get("due_at")
    if body["kind"] != KIND or not is_counted:
        return body
    request = DueRequest(
        start_at=str(body["start_at"]),
        limit=str(body["limit"]),
        calendar=str(body["calendar"]),
        counting=str(body["counting"]),
    )
    try:
        return {**body, "due_at": derived(request).due_at}
    except Malformed:
        return body


def told_of_duty(speech: Speech, body: Wire) -> dict[str, str]:
    """Give the sentences of the letter about a new duty; nothing for a message of another kind."""
    if body["kind"] != KIND or "start_at" not in body:
        return {}
    said = speech.told(body)
    return {
        "due": _due(speech, body).format_map(said),
        "since": _since(speech, body).format_map(said),
    }


def _since(speech: Speech, body: Wire) -> str:
    """Give the sentence that says since when a clock runs, or would count; with holes."""
    if not body.get("counts"):
        return speech.words.pick(
            "If it applies, its time counts from {start_at}: {start_fact}.",
            "如适用，时限自{start_at}起算：{start_fact}。",
        )
    return speech.words.pick(
        "The clock runs since {start_at}: {start_fact}.",
        "时限自{start_at}起算：{start_fact}。",
    )


def _due(speech: Speech, body: Wire) -> str:
    """Give the sentence that says by when a duty is due, with holes for its times."""
    pick = speech.words.pick
    if not body.get("counts"):
        return pick(
            "No clock runs yet: legal has to say first whether the rule applies here.",
            "目前尚无时限：须先由法务确认该规则是否适用。",
        )
    if not body.get("due_at"):
        return pick(
            "The calendar cannot say by when: set the due time by hand.",
            "日历无法推算期限，请人工设定期限。",
        )
    if not body.get("phone_at"):
        return pick("Due: {due_at}, {left} ({force}).", "期限：{due_at}，{left}（{force}）。")
    ours = speech.words.of("at_once", str(body["force"]))
    return (
        pick(
            "Due in writing: {due_at}, {left}; by phone: {phone_at}. It is ",
            "书面报告期限：{due_at}，{left}；电话报告期限：{phone_at}。",
        )
        + f"{ours}{pick('.', '。')}"
    )
