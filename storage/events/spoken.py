"""Whether a text speaks of a thing, in any of the forms a register gives for it. Texts walk in, ids walk out. Pure.

Words are cut and compared as searches do it (`storage.words`): English and Russian by whole words in any ending, Chinese
inside sentences in either script. Only `storage.events` imports this module.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from storage.words import fold, is_han_character, runs, stem


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """A place, state, person or act, and the forms by which texts speak of it."""

    id: str
    #: What readers are shown.
    name: str
    #: Forms as `spoken` cuts texts.
    needles: tuple[str, ...] = ()
    #: A seat of government, which stands for the government too.
    is_capital: bool = False
    #: Spoken of at one event at a time.
    is_rare: bool = False


def needle(form: str) -> str:
    """A form as it stands inside `spoken` text; empty where it holds no word."""
    cut = _cut(form)
    # Words of an alphabet match whole; a form with Han begins and ends inside a sentence.
    return cut if cut and any(map(is_han_character, cut)) else f" {cut} " if cut else ""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A text as needles are looked for in it, and its words: few needles begin with one of them."""

    text: str
    words: frozenset[str]

    def holds(self, needle: str) -> bool:
        """Whether a needle stands in it."""
        # A needle without spaces around it begins with Han, which has no words.
        return (needle[0] != " " or needle[1 : needle.index(" ", 1)] in self.words) and needle in self.text


def spoken(*pieces: str) -> Spoken:
    """Texts to be searched: no needle reaches from one into the next."""
    text = " ¶ ".join(["", *map(_cut, pieces), ""])
    return Spoken(text, frozenset(text.split()))


def _cut(text: str) -> str:
    return " ".join(run if is_han_character(run[0]) else stem(run) for run in runs(text))


def named(text: Spoken, things: Iterable[Thing]) -> list[Thing]:
    """Those of `things` that `text` speaks of, in their order."""
    return [thing for thing in things if any(map(text.holds, thing.needles))]


# ------------------------------------------------------------------ the how-manieth


_DIGITS = re.compile(
    r"\b(\d{1,2})(?:st|nd|rd|th|-?(?:ый|ий|ой|ая|ое|ого|го|му|е|й|я|х|м))\b|第\s*(\d{1,2})\s*[次轮届回]"
)
_HAN_NUMBER = re.compile(r"第([一二三四五六七八九十]{1,3})[次轮届回]")
_HAN_DIGITS: Mapping[str, int] = {digit: value for value, digit in enumerate("一二三四五六七八九", start=1)}
_WORDS = (
    ("first", "перв"), ("second", "втор"), ("third", "трет"), ("fourth", "четверт"), ("fifth", "пят"), ("sixth", "шест"),
    ("seventh", "седьм"), ("eighth", "восьм"), ("ninth", "девят"), ("tenth", "десят"), ("eleventh", "одиннадцат"),
    ("twelfth", "двенадцат"), ("thirteenth", "тринадцат"), ("fourteenth", "четырнадцат"), ("fifteenth", "пятнадцат"),
    ("sixteenth", "шестнадцат"), ("seventeenth", "семнадцат"), ("eighteenth", "восемнадцат"), ("nineteenth", "девятнадцат"),
    ("twentieth", "двадцат"),
)  # fmt: skip
_BY_BEGINNING = {begin: n for n, pair in enumerate(_WORDS, start=1) for begin in pair}
_WORD = re.compile(
    rf"\b({'|'.join(english for english, _ in _WORDS)})\b|\b({'|'.join(russian for _, russian in _WORDS)})"
    r"(?:ый|ий|ой|ая|ья|ое|ье|ого|ьего|ому|ьему|ую|ью|ом|ьем|ых|ьих|ым|ьим)\b"
)


def numbers(text: str) -> frozenset[int]:
    """The ordinals from 1 to 99 that a text holds in figures, and those up to 20 in words: 10th, 第十次, десятое."""
    folded = fold(text).text
    found = {int(one or other) for one, other in _DIGITS.findall(folded)}
    found.update(map(_han_number, _HAN_NUMBER.findall(folded)))
    found.update(_BY_BEGINNING[english or russian] for english, russian in _WORD.findall(folded))
    return frozenset(found)


def _han_number(text: str) -> int:
    """一 to 九十九: what stands before 十 counts tens, what stands behind it ones."""
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return _HAN_DIGITS.get(text, 0)
    return 10 * _HAN_DIGITS.get(tens, 1) + _HAN_DIGITS.get(ones, 0)
