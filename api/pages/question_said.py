"""The first line of each answer: the auditor's question answered in plain words.

What belongs here: one function for each question, from its facts to sentences. What never does: the
tables it rests on, or a fact that the answer does not hold.
"""

from collections.abc import Callable, Iterable
from typing import Final

from api.pages.goods_told import goods_apart, goods_line, listed_goods
from api.pages.lens import Lens
from api.pages.moment_words import to_come_told
from api.pages.question_cells import span_of
from api.pages.question_facts import Facts
from api.pages.question_said_later import duties, plan, text, whole
from api.pages.severity_words import severity_rule
from domain.goods_in_pairs import Goods
from services.questions.asking import Answered


def said(lens: Lens, one: Answered) -> list[str]:
    """Answer in sentences, the answer itself first."""
    facts = Facts(lens, one.answer.facts, one.opened)
    return [line for line in _SAID[one.answer.number](lens, facts) if line]


# ---------------------------------------------------------------- 1 and 2


def _knew(lens: Lens, facts: Facts) -> list[str]:
    if facts["known_at"] is None:
        return [lens("Nothing is reported here yet.")]
    line = [
        lens("Known %(when)s", when=facts.when("known_at")),
        _after(facts, "recorded", lens("recorded"), lens("not recorded")),
        _after(facts, "accepted", lens("accepted"), lens("not accepted yet")),
        _after(facts, "ordered", lens("first order to stop"), lens("no order to stop yet")),
    ]
    return [" · ".join(line), _who_knew(lens, facts), _who_acted(lens, facts)]


def _after(facts: Facts, what: str, done: str, not_done: str) -> str:
    if facts[f"{what}_at"] is None:
        return not_done
    lens, seconds = facts.lens, facts[f"{what}_after_s"]
    told = {"what": done, "when": facts.when(f"{what}_at"), "span": span_of(lens, abs(seconds))}
    if seconds < 0:
        return lens("%(what)s %(when)s, %(span)s before", **told)
    return lens("%(what)s %(when)s, after %(span)s", **told)


def _who_knew(lens: Lens, facts: Facts) -> str:
    country = (
        lens.place(facts["known_country"])
        if facts["known_country"]
        else lens("a place not recorded")
    )
    if facts["known_by"] is None:
        return lens(
            "Who knew first is not named; it was in %(country)s. %(name)s reported it.",
            country=country,
            name=facts.told("recorded_by", "person"),
        )
    return lens(
        "%(first)s knew first, in %(country)s; %(name)s reported it.",
        first=facts.told("known_by", "person"),
        country=country,
        name=facts.told("recorded_by", "person"),
    )


def _who_acted(lens: Lens, facts: Facts) -> str:
    parts = []
    if facts["ordered_at"] is not None:
        by = facts.told("ordered_how", "how")
        parts.append(lens("The first order: %(level)s.", level=by))
    if facts["accepted_at"] is not None:
        if facts["accepted_how"] == "silence":
            parts.append(lens("The plan accepted it: nobody decided in time."))
        else:
            who = facts.told("accepted_by", "person")
            parts.append(lens("%(name)s accepted it.", name=who))
    if facts["reports"] > 1:
        parts.append(lens("Reports in all: %(n)s.", n=facts.number("reports")))
    return lens.sentences(parts)


def _grade(lens: Lens, facts: Facts) -> list[str]:
    if facts["grade"] is None:
        return [lens("No grade yet: nobody has answered the questions.")]
    grade = facts.told("grade")
    if facts["made_by"]:
        rules = facts.told("made_by", "severity_rules")
        first = lens("Grade %(grade)s, because: %(rules)s.", grade=grade, rules=rules)
    elif facts["raised_by_m1"]:
        rule = severity_rule(lens, "M1")
        first = lens("Grade %(grade)s, because: %(rules)s.", grade=grade, rules=rule)
    else:
        first = lens("Grade %(grade)s, by people's signatures.", grade=grade)
    return [first, _not_higher(lens, facts), _lowered(lens, facts), _unknown(lens, facts)]


def _not_higher(lens: Lens, facts: Facts) -> str:
    """Say why the grade is not higher: nothing asks for it, or people lowered it all the same."""
    if facts["held_above"]:
        return lens(
            "On the answers a higher grade would follow (%(rules)s); people lowered it: %(why)s",
            rules=facts.told("held_above", "codes"),
            why=facts.told("lowered_why"),
        )
    if not facts["not_held_above"]:
        return lens("There is no higher grade.")
    return lens(
        "Not higher: none of the %(n)s rules of a higher grade holds on the answers.",
        n=facts.number("not_held_above"),
    )


def _lowered(lens: Lens, facts: Facts) -> str:
    if not facts["lowered"]:
        return lens("Nobody lowered it. Times raised: %(n)s.", n=facts.number("raised"))
    return lens(
        "Times lowered: %(n)s, the last time signed by %(people)s. Times raised: %(up)s.",
        n=facts.number("lowered"),
        people=facts.told("lowered_by", "people"),
        up=facts.number("raised"),
    )


def _unknown(lens: Lens, facts: Facts) -> str:
    told = lens("Questions that nobody has answered: %(n)s.", n=facts.number("unknown"))
    if facts["provisional"]:
        provisional = lens("The grade is provisional: it rests on statements alone.")
        return lens.sentences([told, provisional])
    return told


# ---------------------------------------------------------------- 3 and 7


def _lots(lens: Lens, facts: Facts) -> list[str]:
    if facts["version"] is None:
        return [lens("No scope is set yet.")]
    reach = (
        lens("every lot of %(products)s", products=facts.told("products", "products"))
        if facts["unbounded"]
        else lens.words.ngettext("%(n)s lot", "%(n)s lots", facts["lots"])
        % {"n": facts.number("lots")}
    )
    return [
        lens(
            "%(reach)s, by version %(version)s of the scope: %(reason)s",
            reach=reach,
            version=facts.number("version"),
            reason=facts.told("reason"),
        ),
        lens(
            "Set %(when)s, signed by %(people)s.",
            when=facts.when("set_at"),
            people=facts.told("set_by", "people"),
        ),
        _not_looked_at(lens, facts),
        _unexplained(lens, facts),
    ]


def _not_looked_at(lens: Lens, facts: Facts) -> str:
    looked = lens(
        "Kinds of neighbours that were looked at: %(n)s.", n=facts.number("neighbours_looked_at")
    )
    if not facts["neighbours_not_looked_at"]:
        return lens.sentences([looked, lens("None is open.")])
    names = facts.told("neighbours_not_looked_at")
    return lens.sentences([looked, lens("Not looked at, or still open: %(names)s.", names=names)])


def _unexplained(lens: Lens, facts: Facts) -> str:
    told = lens("Units unexplained: %(n)s.", n=facts.number("unexplained"))
    more = facts["unexplained_unknown_lots"]
    unknown = lens("Lots of which nobody can say: %(n)s.", n=more) if more else ""
    gaps = lens("Gaps named: %(n)s.", n=facts.number("gaps")) if facts["gaps"] else ""
    return lens.sentences([told, unknown, gaps])


def _consignee(lens: Lens, facts: Facts) -> list[str]:
    lines = _card(lens, facts) if facts["consignee"] else []
    if not facts["consignees"]:
        return [*lines, lens("The scope names no consignee.")]
    lines.append(
        lens(
            "Of %(n)s consignees %(told)s were told, %(answered)s answered; silent: %(silent)s.",
            n=facts.number("consignees"),
            told=facts.number("told"),
            answered=facts.number("answered"),
            silent=facts.number("silent"),
        )
    )
    return [*lines, _unaccounted(lens, facts)]


def _unaccounted(lens: Lens, facts: Facts) -> str:
    """Give the units that nobody accounts for; what cannot be counted is never a part of a zero."""
    n, more = facts.number("unaccounted"), facts["unaccounted_unknown_lots"]
    if not more:
        return lens("Units unaccounted for, all lots together: %(n)s.", n=n)
    if more == facts["lots"]:
        return lens("Units unaccounted for: cannot be counted in any lot of the scope.")
    return lens(
        "Units unaccounted for: %(n)s in the lots that can be counted; lots that cannot: %(more)s.",
        n=n,
        more=lens.number(more),
    )


def _card(lens: Lens, facts: Facts) -> list[str]:
    name = facts.told("consignee", "consignee")
    if not facts["times_told"]:
        told = lens("%(name)s was not told yet.", name=name)
    else:
        told = lens(
            "%(name)s was told first %(when)s; times told in all: %(n)s.",
            name=name,
            when=facts.when("first_told_at"),
            n=facts.number("times_told"),
        )
    return [lens.sentences([told, _answer_of(lens, facts)])]


def _answer_of(lens: Lens, facts: Facts) -> str:
    if facts["taken_over_by"] and not facts["answers"]:
        who = facts.told("taken_over_by", "person")
        return lens("It did not answer; %(name)s answers for it.", name=who)
    if not facts["answers"]:
        return lens("It has not answered.")
    answered = lens("It answered, last %(when)s.", when=facts.when("answered_at"))
    if facts["received"] is None:
        return lens.sentences([answered, lens("What it received is not given for every lot.")])
    units = lens(
        "It received %(n)s units, of which it leaves %(open)s open.",
        n=facts.number("received"),
        open=facts.number("left_open"),
    )
    return lens.sentences([answered, units])


# ---------------------------------------------------------------- 4 and 5


def _decided(lens: Lens, facts: Facts) -> list[str]:
    waiting = lens("A decision waits for signatures.") if facts["waiting"] else ""
    if not facts["was_decided"]:
        return [lens("Nothing is decided yet."), waiting]
    what = facts.told("was_decided", "decision")
    if facts["depth"]:
        what = lens("%(what)s (%(depth)s)", what=what, depth=facts.told("depth"))
    lines = [
        lens(
            "%(what)s: decided %(when)s by %(people)s.",
            what=what,
            when=facts.when("at"),
            people=facts.told("signers", "people"),
        ),
        lens("Why: %(reason)s", reason=facts.told("reason")),
        lens("What else was weighed: %(options)s", options=facts.told("options")),
    ]
    lines.append(_against(lens, facts))
    if facts["reopened_at"]:
        lines.append(lens("Open again since %(when)s.", when=facts.when("reopened_at")))
    if facts["review_at"]:
        lines.append(lens("To be looked at again %(when)s.", when=facts.when("review_at")))
    return [*lines, waiting]


def _against(lens: Lens, facts: Facts) -> str:
    """Say against whose view, as far as it is on record: in the decision, and on the way to it."""
    if facts["dissent"]:
        return lens("Against it: %(dissent)s", dissent=facts.told("dissent"))
    if facts["others"]:
        n = facts.number("others")
        return lens("The decision notes no other view. Other views on the way to it: %(n)s.", n=n)
    return lens("Against it: nobody, on record.")


def _moment(lens: Lens, facts: Facts) -> list[str]:
    return [
        *_to_come(lens, facts),
        lens(
            "%(when)s, after entry %(size)s of %(all)s.",
            when=facts.when("at"),
            size=facts.number("size"),
            all=facts.number("entries"),
        ),
        lens(
            "Known to be on sale at %(selling)s of %(n)s channels; may sell again, and has not "
            "said so: %(may_sell)s; confirmed stopped: %(stopped)s; "
            "taken over by a person: %(taken)s; refused to stop: %(refused)s; "
            "ordered, not confirmed: %(open)s.",
            selling=facts.number("selling"),
            n=facts.number("channels"),
            may_sell=facts.number("may_sell"),
            stopped=facts.number("stopped"),
            taken=facts.number("taken_over"),
            refused=facts.number("refused"),
            open=facts.number("not_confirmed"),
        ),
        _ordered(lens, facts),
        lens("Texts that the public could read: %(n)s.", n=facts.number("texts_out")),
        lens(
            "Known: grade %(grade)s, people hurt %(hurt)s, lots %(lots)s.",
            grade=facts.told("grade", none=lens("not set yet")),
            hurt=facts.number("people_hurt", none=lens("not known")),
            lots=facts.told("lots", none=lens("none named yet")),
        ),
        _later(lens, facts),
    ]


def _to_come(lens: Lens, facts: Facts) -> list[str]:
    """Say of a moment that has not come yet when the record ends."""
    to_come = facts["to_come"]
    return [] if to_come is None else [to_come_told(lens, to_come, facts["at"])]


def _ordered(lens: Lens, facts: Facts) -> str:
    """Say how many channels were ordered to stop, by which orders; and who never sells."""
    if not facts["orders"]:
        told = lens("No order to stop had been given.")
    elif not facts["standing_orders"]:
        told = lens("Orders to stop by then: %(n)s, none of them in force.", n=facts["orders"])
    else:
        told = lens.words.ngettext(
            "Under an order to stop: %(n)s channel, by %(orders)s.",
            "Under an order to stop: %(n)s channels, by %(orders)s.",
            facts["ordered_channels"],
        ) % {
            "n": facts.number("ordered_channels"),
            "orders": facts.told("standing_orders", "orders"),
        }
    rest = facts["no_sale"]
    without = lens("Channels that sell nothing themselves: %(n)s.", n=rest) if rest else ""
    return lens.sentences([told, *_some_sold_again(lens, facts), without])


def _some_sold_again(lens: Lens, facts: Facts) -> list[str]:
    """Say what may be sold again, and what stays stopped; nothing while no goods were freed."""
    if not facts["goods_sold_again"]:
        return []
    goods = [facts["goods_sold_again"], facts["goods_stopped"]]
    about = [one for part in goods for products, _ in part for one in products]
    again, stays = goods_apart(lens, goods, about)
    return [
        lens("May be sold again by decision: %(lots)s.", lots=_goods(lens, again)),
        lens("An order still stops: %(lots)s.", lots=_goods(lens, stays) or lens("nothing")),
    ]


def _goods(lens: Lens, goods: Iterable[Goods]) -> str:
    return listed_goods(lens, [goods_line(lens, one) for one in goods])


def _later(lens: Lens, facts: Facts) -> str:
    if not facts["recorded_later"]:
        return lens("All that is on record as happened by then was recorded by then.")
    n = facts.number("recorded_later")
    return lens("Happened by then, and recorded later: %(n)s entries.", n=n)


_SAID: Final[dict[int, Callable[[Lens, Facts], list[str]]]] = {
    1: _knew,
    2: _grade,
    3: _lots,
    4: _decided,
    5: _moment,
    6: duties,
    7: _consignee,
    8: text,
    9: plan,
    10: whole,
}
