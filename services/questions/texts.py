"""Question 8: who approved exactly this sentence, did the published bytes match, who corrected it.

What belongs here: the chain of one text: versions, languages, approvals, attestation, gaps let
pass, what was read back, corrections. What never does: the rules of approval, or another text.
"""

from collections.abc import Iterator
from itertools import islice

from domain.canonical import sha256_hex
from domain.ledger import Entry
from domain.markets import base_language
from domain.publication import PublicationFailed, StatementHandedOver, StatementPublished
from domain.publishing import GapsAllowed, StatementPublishing
from domain.state.statement import OUT, Statement
from domain.statement import StatementDrafted
from domain.statement_approval import StatementApproved, StatementChangesRequested
from domain.statement_change import StatementChanged, StatementFlagCleared, StatementFlagged
from domain.statement_override import FindingOverridden
from services.questions.rows import Answer, Record, Table, Value, table

Rows = Iterator[tuple[tuple[Value, ...], tuple[int, ...]]]

Found = tuple[tuple[Entry, str, str], ...]
"""Versions that hold a sentence, each with the language and the title."""

SENTENCES_AT_MOST = 200
"""Places of a sentence that are listed."""


def who_approved(record: Record) -> Answer:
    """Answer question 8 for the text, version and language that were chosen, or the last out."""
    found = _holding(record) if record.chosen.sentence else ()
    drafted = _draft(record, found)
    texts = record.state.statement.statements
    one = texts.get(drafted.event.statement) if drafted else None
    if one is None or drafted is None:
        return Answer(number=8, facts={"text": "", "texts": 0}, tables=(_listed(record),))
    drafts = [d for d in record.of(StatementDrafted) if d.event.statement == one.id]
    return Answer(
        number=8,
        facts={
            **_which(record, one, drafted, len(drafts)),
            **_signed_off(record, drafted),
            **_went_out(record, drafted),
            "corrected_by": tuple(_replaced_by(record, one)),
            "texts": len(texts),
            "sentence": record.chosen.sentence,
            "sentence_found": len(found) if record.chosen.sentence else None,
        },
        tables=(
            *((_sentence(found),) if record.chosen.sentence else ()),
            *_chain(record, drafted),
            table(
                "corrections",
                "at what:correction text reason who:person",
                _corrections(record, one),
            ),
            table(
                "versions",
                "version at by:person sha256 languages:languages why",
                [(_version(d), (d.seq,)) for d in drafts],
            ),
            _listed(record),
        ),
    )


def _which(record: Record, one: Statement, drafted: Entry, versions: int) -> dict[str, Value]:
    """Say which text and version is answered about, and its languages."""
    told = drafted.event
    return {
        "text": one.id,
        "kind": one.kind,
        "version": told.version,
        "versions": versions,
        "language": record.chosen.language,
        "languages": tuple(text.language for text in told.texts),
        "status": one.status,
        "sha256": told.sha256,
    }


def _signed_off(record: Record, drafted: Entry) -> dict[str, Value]:
    """Say who approved exactly this version, and who attested its language."""
    approved = _about(record, drafted, StatementApproved)
    return {
        "approved_by": tuple(dict.fromkeys(a.event.approver for a in approved)),
        "attested_by": tuple(_attested(record, approved)),
    }


def _went_out(record: Record, drafted: Entry) -> dict[str, Value]:
    """Say where this version is out, and in how many places the approved bytes were read back."""
    seen = _about(record, drafted, StatementPublished)
    failed = _about(record, drafted, PublicationFailed)
    return {
        "published": len(seen),
        "published_at": min((p.at for p in seen), default=None),
        "matches": sum(p.event.read_back == drafted.event.sha256 for p in seen),
        "by_hand": sum(p.event.by_hand for p in seen),
        "differs": sum(f.event.differs for f in failed),
    }


def _replaced_by(record: Record, one: Statement) -> Iterator[str]:
    """Name the texts that corrected, superseded or retracted it."""
    for entry in record.of(StatementChanged):
        if entry.event.statement == one.id:
            yield entry.event.by_statement


def _chain(record: Record, drafted: Entry) -> tuple[Table, ...]:
    """Give what stands behind a version: its words, approvals, ways out, what was let pass."""
    return (
        _words(record, drafted),
        table(
            "approvals",
            "at who:person role:role language:language market:market meaning sha256 same_bytes",
            [(_approval(a, drafted), (a.seq,)) for a in _about(record, drafted, StatementApproved)],
        ),
        table(
            "places",
            "at place:place what:on_its_way_out link:code sha256:code same_bytes who:person",
            _places(record, drafted),
        ),
        table(
            "let_pass",
            "at what:let_pass which:let_pass_items reason who:people",
            _let_pass(record, drafted),
        ),
    )


def _draft(record: Record, found: Found) -> Entry | None:
    """Give the version that is asked about: one that holds the sentence, where one is asked for."""
    chosen = record.chosen
    every = [entry for entry, _, _ in found] or list(record.of(StatementDrafted))
    named = [d for d in every if d.event.statement == chosen.statement]
    asked = [d for d in named if d.event.version == chosen.version]
    if asked or named:
        return (asked or named)[-1]
    if found:
        return every[-1]
    last = _last_out(record.state.statement.statements.values())
    return next((d for d in reversed(every) if last and d.event.statement == last.id), None)


def _last_out(texts: object) -> Statement | None:
    """Give the text that went out last; where none did, the one begun last."""
    every: list[Statement] = list(texts)  # type: ignore[call-overload]
    out = [one for one in every if one.status in OUT]
    chosen = out or every
    return max(chosen, key=lambda one: one.published_at or one.drafted_at, default=None)


def _about(record: Record, drafted: Entry, *kinds: type) -> list[Entry]:
    """Give the entries of some types about exactly this version."""
    told = drafted.event
    return [
        one
        for one in record.of(*kinds)
        if one.event.statement == told.statement and one.event.version == told.version
    ]


def _attested(record: Record, approved: list[Entry]) -> Iterator[str]:
    """Name who attested the language that was asked for, or any."""
    for one in approved:
        language = one.event.language
        wanted = record.chosen.language
        if language and (not wanted or base_language(language) == base_language(wanted)):
            yield one.event.approver


def _words(record: Record, drafted: Entry) -> Table:
    """Give the words of the version, one row for each language, all or the one asked for."""
    wanted = record.chosen.language
    texts = [t for t in drafted.event.texts if not wanted or t.language == wanted]
    return table(
        "words",
        "language:language title words words_sha256",
        [
            (
                (t.language, t.title, t.body, sha256_hex(f"{t.title}\n{t.body}".encode())),
                (drafted.seq,),
            )
            for t in texts
        ],
    )


def _approval(one: Entry, drafted: Entry) -> tuple[Value, ...]:
    told = one.event
    return (
        one.at, told.approver, told.role, told.language, told.market, told.meaning, told.sha256,
        told.sha256 == drafted.event.sha256,
    )  # fmt: skip


def _places(record: Record, drafted: Entry) -> Rows:
    """Give everything that happened on the way out: sent, handed over, read back, failed."""
    kinds = (StatementPublishing, StatementHandedOver, StatementPublished, PublicationFailed)
    approved = drafted.event.sha256
    for one in _about(record, drafted, *kinds):
        told = one.event
        if isinstance(told, StatementPublishing):
            for place in told.places:
                yield (
                    (one.at, place, "sent_out", "", told.sha256, told.sha256 == approved, told.by),
                    (one.seq,),
                )
        elif isinstance(told, StatementHandedOver):
            yield (
                (one.at, told.place, "handed_over", "", told.sha256, told.sha256 == approved, ""),
                (one.seq,),
            )
        elif isinstance(told, StatementPublished):
            same = None if told.by_hand else told.read_back == approved
            what = "seen_by_hand" if told.by_hand else "read_back"
            read = told.seen_sha256 if told.by_hand else told.read_back
            yield (one.at, told.place, what, told.link, read, same, told.by), (one.seq,)
        else:
            what = "differs" if told.differs else "failed"
            yield (
                (one.at, told.place, what, told.link, told.read_back, False, told.by),
                (one.seq,),
            )


def _let_pass(record: Record, drafted: Entry) -> Rows:
    """Give what people let pass in exactly these bytes: gaps of the gate, findings of the rules."""
    kinds = (GapsAllowed, FindingOverridden, StatementChangesRequested)
    for one in _about(record, drafted, *kinds):
        told = one.event
        if isinstance(told, GapsAllowed):
            yield (one.at, "gap", tuple(told.items), told.reason, (told.by,)), (one.seq,)
        elif isinstance(told, FindingOverridden):
            who = tuple(each.person for each in told.signers)
            yield (one.at, "finding", (told.rule, told.matched), told.reason, who), (one.seq,)
        else:
            yield (one.at, "changes_asked", (), told.reason, (told.by,)), (one.seq,)


def _corrections(record: Record, one: Statement) -> Rows:
    """Give what was said against the text after it was out, and what took its place."""
    for entry in record.of(StatementFlagged, StatementFlagCleared, StatementChanged):
        told = entry.event
        if told.statement != one.id:
            continue
        if isinstance(told, StatementFlagged):
            yield (entry.at, "flagged", told.statement, told.what, told.by), (entry.seq,)
        elif isinstance(told, StatementFlagCleared):
            yield (entry.at, "found_right", told.statement, told.reason, told.by), (entry.seq,)
        else:
            yield (entry.at, str(told.change), told.by_statement, told.what, ""), (entry.seq,)


def _version(entry: Entry) -> tuple[Value, ...]:
    told = entry.event
    languages = tuple(text.language for text in told.texts)
    return (told.version, entry.at, told.by, told.sha256, languages, told.why)


def _listed(record: Record) -> Table:
    """List all texts of the incident: which one is asked about."""
    return table(
        "texts",
        "text:statement kind:text_kind status version languages:languages published_at sha256",
        [
            (
                (one.id, one.kind, one.status, one.version, one.languages, one.published_at,
                 one.sha256),
                (one.entry,),
            )
            for one in sorted(
                record.state.statement.statements.values(), key=lambda each: each.first_drafted_at
            )
        ],
    )  # fmt: skip


# ---------------------------------------------------------------- a sentence


def _holding(record: Record) -> Found:
    """Find every version and language that holds a sentence, word for word but for spaces."""
    wanted = _one_spaced(record.chosen.sentence)
    found = (
        (one, str(text.language), str(text.title))
        for one in record.of(StatementDrafted)
        for text in one.event.texts
        if wanted and wanted in _one_spaced(f"{text.title}\n{text.body}")
    )
    return tuple(islice(found, SENTENCES_AT_MOST))


def _one_spaced(text: str) -> str:
    return " ".join(text.split()).casefold()


def _sentence(found: Found) -> Table:
    return table(
        "sentence",
        "text:statement version language:language title at by:person sha256",
        [
            (
                (one.event.statement, one.event.version, language, title, one.at, one.event.by,
                 one.event.sha256),
                (one.seq,),
            )
            for one, language, title in found
        ],
    )  # fmt: skip
