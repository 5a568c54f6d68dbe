"""`andon erase`: finding what is kept of people, asking to erase it, and confirming.

What belongs here: words on the terminal. What never does: a rule (domain/erasure.py). No words of
anybody are printed: whoever holds the machine sees what is there, not what it says.
"""

import uuid
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.setting_up import plain_refusals, show_json, stores
from domain.errors import Malformed

if TYPE_CHECKING:
    from domain.erasure import Request
    from services.retention import Keeping
    from services.subjects import Subject

erase = typer.Typer(no_args_is_help=True, help="Erase what people told, by two people's word.")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
By = Annotated[str, typer.Option("--as", help="Who acts: the id of a person.")]


@erase.command("list")
def list_subjects(
    reference: Annotated[
        str,
        typer.Argument(help="An incident, a case, INC-2026-0007/P1, a file, or a subject."),
    ] = "",
    *,
    as_json: AsJson = False,
) -> None:
    """List whose texts and files are kept; without a number, the requests."""
    with plain_refusals(), stores() as house:
        from services import erasing, subjects

        if not reference:
            _show_requests(erasing.requests(house), as_json=as_json)
            return
        found = subjects.find(house, reference)
        if as_json:
            show_json([_document(one) for one in found])
            return
        for one in found:
            state = f"erased {one.erased_at.date()}" if one.erased_at else "kept"
            about = one.person or ", ".join(one.events) or "named by no entry"
            typer.echo(
                f"{one.id}  {state:<18}{sum(one.texts.values()):>3} texts "
                f"{len(one.files):>3} files  {about}"
            )


@erase.command("due")
def due(*, as_json: AsJson = False) -> None:
    """List closed incidents and cases with until when they are kept, and by which law."""
    with plain_refusals(), stores() as house:
        from services import erasing, retention

        on, every = house.now().date(), retention.closed(house, erasing.emptied(house))
        if as_json:
            show_json([_keeping(one, on) for one in every])
            return
        for one in every:
            against = ", ".join(one.kept.against(on)) or "due for deletion"
            until = str(one.kept.until or "no certain day")
            typer.echo(f"{one.stream:<22}{until:<16}{against}")


@erase.command("ask")
def ask(  # noqa: PLR0913 - one option per thing that a request says
    subject: Annotated[
        list[str] | None, typer.Argument(help="Subjects of one incident or case, from `list`.")
    ] = None,
    *,
    by: By,
    reason: Annotated[str, typer.Option(help="Why; kept encrypted.")],
    basis: Annotated[str, typer.Option(help="The ground, such as objection.")],
    reference: Annotated[str, typer.Option(help="Number of the person's request.")] = "",
    despite: Annotated[
        list[str] | None, typer.Option(help="What does not cover these data: open, period, doubt.")
    ] = None,
    addresses: Annotated[
        Path | None,
        typer.Option(
            help="File with addresses, one a line, to empty in the outbox.",
            exists=True,
            dir_okay=False,
            readable=True,
        ),
    ] = None,
) -> None:
    """Ask to erase; somebody of legal confirms it."""
    with plain_refusals(), stores() as house:
        from services import erasing, people, subjects
        from services.erasing_wish import Wish

        names = tuple(dict.fromkeys(subject or []))
        found = [one for name in names for one in subjects.find(house, name)]
        streams = {one.stream for one in found}
        if len(streams) > 1:
            raise Malformed("They are of several incidents or cases.", "Ask for each by itself.")
        lines = addresses.read_text(encoding="utf-8").splitlines() if addresses else []
        wish = Wish(
            stream=streams.pop() if streams else "",
            subjects=tuple(one.id for one in found),
            basis=_basis(basis),
            reason=reason,
            reference=reference,
            despite=_despite(despite or []),
            addresses=tuple(line.strip() for line in lines if line.strip()),
        )
        made = erasing.ask(house, people.actor_named(house, by), wish, uuid.uuid4().hex)
        typer.echo(f"{made.id} waits for legal: andon erase confirm {made.id} --as PERSON")


@erase.command("confirm")
def confirm(
    request: Annotated[str, typer.Argument(help="The request, such as E12.")], *, by: By
) -> None:
    """Erase for ever what was asked for."""
    with plain_refusals(), stores() as house:
        from services import erasing, people

        done = erasing.confirm(house, people.actor_named(house, by), request)
        typer.echo(
            f"{request}: erased for ever: {done.keys} keys, {done.files} files, "
            f"{done.letters} messages."
        )
        if done.files_kept:
            typer.echo(f"Kept, because others name them too: {done.files_kept} open files.")
        if not done.swept:
            typer.echo(
                "Others read the database: the old bytes of the keys go from the disk at the next "
                "start.",
                err=True,
            )


@erase.command("withdraw")
def withdraw(
    request: Annotated[str, typer.Argument(help="The request, such as E12.")], *, by: By
) -> None:
    """Withdraw a request that nobody confirmed."""
    with plain_refusals(), stores() as house:
        from services import erasing, people

        erasing.withdraw(house, people.actor_named(house, by), request)
        typer.echo(f"{request} is withdrawn.")


def _basis(text: str) -> Any:
    from domain.erasure import Basis

    if text not in set(Basis):
        raise Malformed(f"There is no ground {text!r:.40}.", f"Choose: {', '.join(Basis)}.")
    return Basis(text)


def _despite(texts: list[str]) -> Any:
    from domain.retention import Keeps

    allowed = [one for one in Keeps if one is not Keeps.HOLD]
    for text in texts:
        if text not in allowed:
            raise Malformed(f"{text!r:.40} overrules nothing.", f"Choose: {', '.join(allowed)}.")
    return tuple(Keeps(text) for text in texts)


def _show_requests(found: "list[Request]", *, as_json: bool) -> None:
    if as_json:
        show_json([_request(one) for one in found])
        return
    for one in found:
        typer.echo(
            f"{one.id:<8}{one.state:<12}{one.stream or '-':<22}{len(one.subjects):>4} keys  "
            f"{one.basis}  asked by {one.by}"
        )


def _request(one: "Request") -> dict[str, Any]:
    return {
        "id": one.id,
        "state": one.state,
        "stream": one.stream,
        "subjects": list(one.subjects),
        "messages": one.letters,
        "basis": str(one.basis),
        "reference": one.reference,
        "despite": list(map(str, one.despite)),
        "by": one.by,
        "asked_at": one.asked_at.isoformat(),
        "ended_at": one.ended_at.isoformat() if one.ended_at else None,
        "ended_by": one.ended_by,
    }


def _keeping(one: "Keeping", on: date) -> dict[str, Any]:
    return {
        "stream": one.stream,
        "until": str(one.kept.until) if one.kept.until else None,
        "citation": one.kept.last.record.citation if one.kept.last else None,
        "not_certain": [each.record.id for each in one.kept.doubtful],
        "no_rule": list(one.kept.unruled),
        "holds": list(one.kept.holds),
        "against": list(map(str, one.kept.against(on))),
    }


def _document(one: "Subject") -> dict[str, Any]:
    return {
        "subject": one.id,
        "stream": one.stream,
        "entries": list(one.entries),
        "events": list(one.events),
        "person": one.person,
        "texts": dict(one.texts),
        "files": list(one.files),
        "open_files": list(one.open_files),
        "erased_at": one.erased_at.isoformat() if one.erased_at else None,
        "erased_for": one.erased_for,
    }
