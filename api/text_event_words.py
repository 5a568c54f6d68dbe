"""What happened to texts, in one sentence per kind of event: a part of api/event_words.py.

What belongs here: the events of stage `statement`. What never does: how a hole is filled.
"""

from typing import Final

from api.tell import Tell

TEXT_TELLS: Final[dict[str, Tell]] = {
    "StatementDrafted": Tell(
        "note", "{by:person} wrote {statement}, version {version}: {kind:text}."
    ),
    "StatementDrafted:because": Tell(
        "note",
        "{statement} was written again, version {version}: a fact moved that it tells "
        "({because:facts}).",
        True,
    ),
    "StatementDrafted:returned": Tell(
        "note",
        "{statement} went back to draft, version {version}: a fact moved that it tells "
        "({because:facts}). It has to be handed in again, to be approved by: {again:roles}.",
        True,
    ),
    "StatementDrafted:begun": Tell(
        "note", "{statement}, {kind:text} of {about}, was begun from the template.", True
    ),
    "StatementDropped": Tell("note", "{statement} will not be used: {reason:quote}"),
    "StatementKindDecided": Tell(
        "decision", "{by:person} decided that there will be: {kind:text}."
    ),
    "StatementKindDecided:no": Tell(
        "decision", "{by:person} decided that there will be no: {kind:text}. {reason:quote}"
    ),
    "StatementReviewAsked": Tell("note", "{by:person} handed in {statement} for approval."),
    "StatementApproved": Tell("decision", "{approver:person} approved {statement}."),
    "StatementApproved:complete": Tell(
        "decision", "{approver:person} approved {statement}; it has all its approvals.", True
    ),
    "StatementChangesRequested": Tell(
        "refused", "{by:person} asks for changes of {statement}: {reason:quote}"
    ),
    "StatementReviewLapsed": Tell(
        "refused",
        "The plan asks other approvals now: {statement} version {version} is handed in again.",
        True,
    ),
    "FindingOverridden": Tell(
        "decision", "The wording “{matched}” may stand in {statement}: {reason:quote}", True
    ),
    "GapsAllowed": Tell(
        "decision", "{by:person} goes on with a gap in {statement}: {reason:quote}", True
    ),
    "StatementPublishing": Tell("publication", "{by:person} sends {statement} out.", True),
    "StatementHandedOver": Tell(
        "publication", "{statement} lies ready to be brought by hand: {place:word}."
    ),
    "MailNotArrived": Tell(
        "overdue", "The e-mail with {statement} did not arrive at every newsroom.", True
    ),
    "StatementPublished": Tell("publication", "{statement} is published: {place:word}.", True),
    "PublicationFailed": Tell("overdue", "{statement} could not be published: {error:quote}", True),
    "PublicationFailed:differs": Tell(
        "overdue", "Other words than those approved of {statement} stand at: {place:word}.", True
    ),
    "StatementFlagged": Tell(
        "overdue", "{by:person} says that {statement} is wrong: {what:quote}", True
    ),
    "StatementFlagged:moved": Tell(
        "overdue",
        "{statement} is out and tells a fact that moved: it says {was:quote}, and “{fact:fact}” "
        "is now {now:quote}.",
        True,
    ),
    "StatementFlagged:gone": Tell(
        "overdue",
        "{statement} is out and tells {was:quote}; the fact “{fact:fact}” does not stand any more.",
        True,
    ),
    "StatementCommented": Tell("person", "{by:person} on “{quote}” in {statement}: {words:quote}"),
    "CommentSettled": Tell(
        "answer", "{by:person} on remark {number} on {statement}: {answer:quote}"
    ),
    "StatementScheduled": Tell(
        "decision", "{by:person} lets {statement} go out at {release_at:when}.", True
    ),
    "ReleaseHeld": Tell(
        "overdue",
        "{statement} was to go out at {release_at:when} and did not: {why:sentence}.",
        True,
    ),
    "ScheduleLifted": Tell(
        "decision", "{by:person} took its time away from {statement}: {reason:quote}", True
    ),
    "PreviewShared": Tell(
        "decision", "{by:person} shared {statement} under embargo until {until:when}.", True
    ),
    "PreviewWithdrawn": Tell(
        "decision", "{by:person} withdrew preview {number} of {statement}: {reason:quote}", True
    ),
    "PreviewsClosed": Tell(
        "overdue", "{statement} is no longer what was shared: its previews show nothing.", True
    ),
    "StatementRightAgain": Tell("answer", "{fact:fact} says again what {statement} tells."),
    "StatementFlagCleared": Tell("answer", "{by:person} finds {statement} right: {reason:quote}"),
    "StatementChanged": Tell("publication", "{statement} was changed by {by_statement}.", True),
    "EnquiryLogged": Tell("person", "Somebody asked ({enquiry}): {topic:quote}"),
    "EnquiryAnswered": Tell("answer", "{enquiry} was answered with {statement}."),
    "HotlineCalled": Tell("person", "{by:person} called {number}: it was answered. {found}"),
    "HotlineCalled:no": Tell("refused", "{by:person} called {number} in vain: {found:quote}", True),
    "MentionRecorded": Tell("person", "The public speaks about it on {medium}: {what:quote}"),
    "AgreedLineSet": Tell("decision", "{by:person} set the agreed line, version {version}.", True),
}
