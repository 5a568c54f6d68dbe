"""`andon audit` and `andon search`: the auditor's ten questions, and a search, at the terminal.

What belongs here: words on the terminal. What never does: an answer, or a private word: whoever
reads here is nobody in particular. Imports stand inside the functions, so that `andon --help` is
quick.
"""

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.setting_up import TERMINAL, plain_refusals, show_json, stores
from domain.errors import Malformed

if TYPE_CHECKING:
    from api.pages.lens import Lens
    from services.house import House
    from services.questions.asking import Answered
    from services.searching import Hit

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
AsCsv = Annotated[bool, typer.Option("--csv", help="Print CSV, of one question.")]
Number = Annotated[int, typer.Option("--question", min=0, max=10, help="1 to 10; all if left out.")]
At = Annotated[str, typer.Option(help="Question 5: the moment, such as 2026-11-22T14:00+08:00.")]
Consignee = Annotated[str, typer.Option(help="Question 7: one consignee, by its id.")]
Statement = Annotated[str, typer.Option(help="Question 8: one text, such as S1.")]
Sentence = Annotated[str, typer.Option(help="Question 8: words to look for in every text.")]
ALL = 0
FOUND_SHOWN = 100
"""Signs of what was found that stand behind a sentence."""


def audit(  # noqa: PLR0913 - one option for each choice within a question
    incident: Annotated[str, typer.Argument(help="The incident's number.")],
    *,
    question: Number = ALL,
    at: At = "",
    consignee: Consignee = "",
    statement: Statement = "",
    sentence: Sentence = "",
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Answer the auditor's ten questions about an incident, or one of them, from the record.

    Names that are stored encrypted stay closed here; the console shows them to who may read them.
    Of an erased one stands since when and on what ground.
    """
    with plain_refusals(), stores() as house:
        if as_csv and (as_json or question == ALL):
            raise Malformed("CSV is of one question.", "Add --question, and leave out --json.")
        from api.pages.question_files import csv_of_answer
        from services.questions.asking import QUESTIONS, answer
        from services.questions.rows import Chosen

        chosen = Chosen(at=_moment(at), consignee=consignee, statement=statement, sentence=sentence)
        numbers = tuple(QUESTIONS) if question == ALL else (question,)
        told = [answer(house, TERMINAL, incident, one, chosen).closed() for one in numbers]
        lens = _lens(house, incident)
        if as_csv:
            sys.stdout.buffer.write(csv_of_answer(lens, incident, told[0]))
        elif as_json:
            show_json([_document(lens, one) for one in told])
        else:
            _print(lens, told)


def _moment(text: str) -> Any:
    if not text:
        return None
    from api.bodies import read_time

    return read_time(text, "at")


def _lens(house: "House", incident: str = "") -> "Lens":
    """Give the lens of a reader of English, with an incident's own plan, else the company's."""
    import domain.incident  # noqa: F401 - completes the registry before a ledger is read
    from api.pages.lens import lens_for
    from services import reading

    state = reading.see(house, TERMINAL, incident).state if incident else None
    rules = state.rules if state is not None else house.current_rules()
    return lens_for(house, None, "en", now=house.now(), rules=rules)


def _document(lens: "Lens", told: "Answered") -> dict[str, Any]:
    from api.pages.question_said import said

    number = str(told.answer.number)
    words = lens.words.of("audit_question", number)
    return {"text": words, "said": said(lens, told), **told.document()}


def _print(lens: "Lens", told: list["Answered"]) -> None:
    from api.pages.question_said import said

    typer.echo(f"Times in the answers are those of {lens.zone_name}.")
    for one in told:
        number = one.answer.number
        typer.echo(f"{number}. {lens.words.of('audit_question', str(number))}")
        for line in said(lens, one):
            typer.echo(f"   {line}")


# ---------------------------------------------------------------- the search


def search(
    words: Annotated[
        list[str] | None, typer.Argument(help="Words, a lot, a product, a person, a kind of act.")
    ] = None,
    *,
    within: Annotated[
        str, typer.Option("--in", help="product, lot, person, rule, decision or text.")
    ] = "all",
    incident: Annotated[str, typer.Option(help="One incident, by its number.")] = "",
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Make the index anew first.")] = False,
    as_json: AsJson = False,
) -> None:
    """Search the ledgers of all incidents and after-sales cases; private texts are never searched.

    The index makes itself, from the entries; --rebuild throws it away and makes it again.
    """
    with plain_refusals(), stores() as house:
        from api.pages.searching import question_of
        from services import indexing, searching

        if rebuild:
            typer.echo(f"Indexed: {indexing.rebuild(house)} entries.", err=True)
        text = " ".join(words or ())
        found = searching.find(house, TERMINAL, question_of(text, within, incident))
        rows = [
            {
                "incident": one.entry.incident,
                "seq": one.entry.seq,
                "why": str(one.why),
                "text": one.text,
                "recorded_at": one.entry.recorded_at.isoformat(),
            }
            for one in found.hits
        ]
        if as_json:
            show_json(rows)
            return
        lens = _lens(house)
        for one, row in zip(found.hits, rows, strict=True):
            place = f"{row['incident']} #{row['seq']}"
            typer.echo(f"{place:<26}{row['why']:<10}{_told(lens, one)}")
        if not rows and text:
            typer.echo("Nothing was found.")


def _told(lens: "Lens", hit: "Hit") -> str:
    """Give the sentence of a hit and, where it does not hold them, the words that were found."""
    from api.pages.searching import found_words
    from api.pages.telling import sentence_of

    sentence, words = sentence_of(lens, hit.entry.event), found_words(lens, hit)
    return f"{sentence} [{words[:FOUND_SHOWN]}]" if words else sentence
