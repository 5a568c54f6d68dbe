"""A text in English and in Chinese beside each other, as the drill's story and card are told.

What belongs here: the pair, filling it in, and amounts of time in both languages. What never does:
a sentence about a case (cli/drill_story.py, cli/drill_card.py), or printing (cli/drill_text.py).
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, NamedTuple

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Both(NamedTuple):
    """A text in English and in Chinese."""

    en: str
    zh: str

    def __bool__(self) -> bool:
        """Say whether there is anything in it."""
        return bool(self.en or self.zh)

    def filled(self, **values: Any) -> "Both":
        """Put values into the holes of both texts; a value may be a pair itself."""
        en = {name: v.en if isinstance(v, Both) else v for name, v in values.items()}
        zh = {name: v.zh if isinstance(v, Both) else v for name, v in values.items()}
        return Both(self.en.format(**en), self.zh.format(**zh))

    def of(self, language: str) -> str:
        """Give the text of a language, `en` or `zh`."""
        return self.zh if language == "zh" else self.en


NOTHING = Both("", "")
UNDER_A_MINUTE = Both("under 1 min", "不到1分钟")
_MORE = Both("{shown} and {count} more", "{shown}等{all}个")


def counted(count: int, one: Both, many: Both) -> Both:
    """Say a number of things: `one` when it is one thing, else `many` with its `{count}`."""
    return (one if count == 1 else many).filled(count=count)


def listed(parts: Iterable[Both], most: int = 0) -> Both:
    """List things as each language does; of more than `most` all but one are named."""
    found = [part for part in parts if part]
    shown = found if not most or len(found) <= most else found[: most - 1]
    joined = Both(", ".join(each.en for each in shown), "、".join(each.zh for each in shown))
    if len(shown) == len(found):
        return joined
    return _MORE.filled(shown=joined, count=len(found) - len(shown), all=len(found))


def length_of(time: timedelta) -> Both:
    """Tell an amount of time in its two largest units, to the minute."""
    if time < MINUTE:
        return UNDER_A_MINUTE
    time = round(time / MINUTE) * MINUTE
    if time >= DAY:
        time = round(time / HOUR) * HOUR
    days, rest = divmod(time, DAY)
    hours, rest = divmod(rest, HOUR)
    parts = [(days, " d", "天"), (hours, " h", "小时"), (rest // MINUTE, " min", "分钟")]
    told = [part for part in parts if part[0]]
    return Both(
        " ".join(f"{amount}{en}" for amount, en, _ in told),
        "".join(f"{amount}{zh}" for amount, _, zh in told),
    )
