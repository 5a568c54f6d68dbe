"""On which page each kind of message is answered: of the incident, or of the house.

What belongs here: addresses by kind. What never does: words (activities/message_words.py).
"""

from typing import Final

PAGES: Final = {
    "report_received": "/report",
    "drift": "/halt",
    "incident_closed": "/review",
    "situation_report": "/people",
    "role_assigned": "/people/{role}/accept_role",
    "legal_hold": "/people",
    "record_contradicted": "/people",
    "room_guessed": "/rooms/{room}",
    "room_asked": "/people/{question}/answer_in_room",
    "authority_act": "/notice/{act}/answer_authority",
    "duty_arisen": "/notice#duty-{duty}",
    "duty_reopened": "/notice#duty-{duty}",
    "duty_unseen": "/notice#duty-{duty}",
    "recall_decided": "/recall",
    "recall_reopened": "/recall",
    "recall_untold": "/halt",
    "joined_untold": "/halt",
    "recall_completed": "/recall",
    "recall_termination_requested": "/recall",
    "recall_terminated": "/recall",
    "termination_to_confirm": "/recall/{market}/record_termination",
    "scope_first": "/recall",
    "scope_widened": "/recall",
    "scope_narrowed": "/recall",
    "review_asked": "/statement/texts/{statement}",
    "changes_requested": "/statement/texts/{statement}",
    "review_moved": "/statement/texts/{statement}",
    "review_withdrawn": "/statement/texts/{statement}",
    "review_lapsed": "/statement/texts/{statement}",
    "publish_by_hand": "/statement/texts/{statement}",
    "statement_published": "/statement/texts/{statement}",
    "publication_failed": "/statement/texts/{statement}",
    "newsrooms_missed": "/statement/texts/{statement}",
    "statement_flagged": "/statement/texts/{statement}",
    "statement_commented": "/statement/texts/{statement}",
    "release_held": "/statement/texts/{statement}",
    "schedule_lifted": "/statement/texts/{statement}",
    "previews_closed": "/statement/texts/{statement}",
}
"""On which page of the incident a kind is answered; the others on its first, where everybody sees
what waits for them. A reminder names its form itself."""

OF_HOUSE: Final = {
    "erasure_asked": "/privacy/requests/{request}",
}
"""On which page a kind is answered that is about no incident."""
