"""How text becomes words, language by language. Text walks in, folded text or words walk out, every offset leading back.

Pure; any room may import it. Search, topics and likeness split text here and nowhere else, so what a rule finds a search
finds. Folding: Unicode NFKC (UAX 15), lower case, е = ё, accents off Latin letters, traditional Han to simplified (OpenCC),
one dash, one quote, no soft hyphens, and the slips of scanned and spun pages (2OO2, 聯(lián)合). Words: Snowball stems for
Latin and Cyrillic script (https://snowballstem.org), single characters and overlapping pairs for Han.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

import opencc
import Stemmer

#: Han, the iteration mark and the compatibility block, as a character class.
HAN = r"\u2e80-\u2fdf\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"

_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
_DOUBLE_QUOTES = "«»„“”‟〝〞〟❝❞＂「」『』《》〈〉"
_SINGLE_QUOTES = "‘’‚‛`´ʼ＇"
_MIDDLE_DOTS = "‧•・･⋅∙"
_DELETED = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"

# What folds by its surroundings rather than by itself: the letter O among digits, and pinyin in brackets after Han.
_ZERO = re.compile(r"(?<=\d)[OoОо]+(?=[\dOoОо]*\d)|(?<=[\d])[OoОо]{2}(?![^\W_])")
_COMBINING = "\u0300-\u036f"
_MAYBE_ZERO = re.compile(r"\d[oо]")
_TONES = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ"
_BRACKETED = re.compile(rf"[(（][A-Za-zü]*[{_TONES}][A-Za-zü]*[)）]")
_PINYIN = re.compile(rf"(?<=[{HAN}]){_BRACKETED.pattern}")


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text and the way back to the original it came from."""

    text: str
    original: str
    #: Original start and end of each folded character; None where every character kept its place.
    starts: tuple[int, ...] | None = None
    ends: tuple[int, ...] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets into `original` of what stands at `start:end` of `text`. An empty span stays empty."""
        if self.starts is None or self.ends is None:
            return start, end
        if start >= end:
            at = self.starts[start] if start < len(self.starts) else len(self.original)
            return at, at
        return self.starts[start], self.ends[end - 1]


def _fold_character(character: str) -> str:
    if character in _DELETED:
        return ""
    if "\ud800" <= character <= "\udfff":  # half a character: it cannot be stored or searched as UTF-8
        return " "
    if character == "…":
        return "."
    for group, plain in ((_DASHES, "-"), (_DOUBLE_QUOTES, '"'), (_SINGLE_QUOTES, "'"), (_MIDDLE_DOTS, "·")):
        if character in group:
            return plain
    folded = unicodedata.normalize("NFKC", character).lower()
    folded = "".join(_simplified().get(c, c) for c in folded)
    decomposed = unicodedata.normalize("NFD", folded)
    if len(decomposed) > 1 and "LATIN" in unicodedata.name(decomposed[0], ""):
        folded = "".join(c for c in decomposed if not unicodedata.combining(c))
    return folded.replace("ё", "е").replace("ς", "σ")


@cache
def _simplified() -> dict[str, str]:
    """Each traditional Han character whose simplified form differs."""
    ranges = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00), (0x20000, 0x2A6E0))
    characters = [chr(code) for first, last in ranges for code in range(first, last)]
    simplified = opencc.OpenCC("t2s").convert("\n".join(characters)).split("\n")
    return {old: new for old, new in zip(characters, simplified, strict=True) if old != new}


@cache
def _tables() -> tuple[dict[str, str], frozenset[str], re.Pattern[str], re.Pattern[str]]:
    """The characters that fold one to one otherwise than by `lower`; those that need the long way, also as a pattern; and a
    pattern of either."""
    one_to_one: dict[str, str] = {}
    longer: set[str] = set()
    # Han and Hangul proper fold to themselves or to their simplified form: no need to ask Unicode about each.
    scripts = (
        range(0x3400),
        range(0xA000, 0xAC00),
        range(0xD7A4, 0x10000),
        range(0x1D400, 0x1D800),
        range(0x1F100, 0x1F200),
    )
    compatible = range(0x2F800, 0x2FA20)
    for character in (*(chr(code) for codes in (*scripts, compatible) for code in codes), *_simplified()):
        folded = _fold_character(character)
        if len(folded) != 1 or len(character.lower()) != 1:
            longer.add(character)
        elif folded != character.lower():
            one_to_one[character] = folded
    special = f"{_PINYIN.pattern}|(?s:.)[{_COMBINING}]+|[{''.join(map(re.escape, sorted(longer)))}]"
    long_way = frozenset(longer | {chr(code) for code in range(0x300, 0x370)})
    # Beyond the Basic Multilingual Plane as a range: a class of single characters would be searched one by one there.
    odd = "".join(map(re.escape, sorted(c for c in long_way.union(one_to_one) if c <= "\uffff")))
    return one_to_one, long_way, re.compile(special), re.compile(f"[{odd}\U00010000-\U0010ffff]")


def fold(text: str) -> Folded:
    """`text` as everything compares it. Folding folded text changes nothing."""
    if text.isascii():
        return Folded(_zeros(text.lower().replace("`", "'")), text)
    odd = _odd(text)
    if odd.isdisjoint(_tables()[1]) and (odd.isdisjoint(_TONES) or not _PINYIN.search(text)):
        return Folded(_zeros(_fold_plain(text, odd)), text)
    return _fold_long(text)


def _odd(text: str) -> set[str]:
    """The characters of `text` that do not simply fold to lower case. One search finds them, an order faster than a set."""
    return set(_tables()[3].findall(text))


def _fold_plain(text: str, odd: set[str]) -> str:
    """Text without characters that grow or shrink. Few differ from lower case, and replacing one is a single quick pass."""
    one_to_one = _tables()[0]
    folded = text.lower().replace("ς", "σ")
    for character in odd & one_to_one.keys():
        folded = folded.replace(character.lower(), one_to_one[character])
    return folded


def _zeros(folded: str) -> str:
    return _ZERO.sub(lambda found: "0" * len(found.group()), folded) if _MAYBE_ZERO.search(folded) else folded


def _fold_long(text: str) -> Folded:
    """The same for text with characters that grow, shrink, combine or go, keeping the way back."""
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []

    def take(folded: str, first: int, last: int) -> None:
        pieces.append(folded)
        if len(folded) == last - first:
            starts.extend(range(first, last))
            ends.extend(range(first + 1, last + 1))
        else:
            starts.extend([first] * len(folded))
            ends.extend([last] * len(folded))

    position = 0
    for found in _tables()[2].finditer(text):
        plain = text[position : found.start()]
        take(_fold_plain(plain, _odd(plain)), position, found.start())
        position = found.end()
        take(_fold_special(found.group()), *found.span())
    plain = text[position:]
    take(_fold_plain(plain, _odd(plain)), position, len(text))
    return Folded(_zeros("".join(pieces)), text, tuple(starts), tuple(ends))


@lru_cache(maxsize=10_000)
def _fold_special(cluster: str) -> str:
    """A character that changes length, a letter with its combining marks, or pinyin in brackets, which goes."""
    if _BRACKETED.fullmatch(cluster):
        return ""
    return "".join(_fold_character(c) for c in unicodedata.normalize("NFC", cluster))


# ------------------------------------------------------------------ words


class Word(NamedTuple):
    """A word of a text: as it is compared, and where it stood (offsets into the original)."""

    #: Stem of a Latin or Cyrillic word, a number, or one Han character.
    text: str
    #: The folded word before stemming.
    surface: str
    start: int
    end: int
    is_han: bool
    #: Nothing but deleted noise stands between it and the word before.
    follows: bool


#: A word is a run of letters and digits of one script; Han stands one by one; 's is no part of a word.
_WORD = re.compile(rf"([{HAN}]|[^\W_{HAN}]+(?:'(?!s\b)[^\W_{HAN}]+)*)(?:'s\b)?")

#: One spelling of English for two (the American, as most of the field writes it). Whole words, folded; each with the endings
#: it is met with. Words in -isation are known by that ending alone.
_SPELLINGS = {
    british + ending: american + ending
    for british, american, endings in (
        ("defence", "defense", "s less"),
        ("offence", "offense", "s"),
        ("licence", "license", "s"),
        ("pretence", "pretense", "s"),
        ("practise", "practice", "s d"),
        ("centre", "center", "s"),
        ("centred", "centered", ""),
        ("theatre", "theater", "s"),
        ("metre", "meter", "s"),
        ("kilometre", "kilometer", "s"),
        ("litre", "liter", "s"),
        ("fibre", "fiber", "s"),
        ("calibre", "caliber", "s"),
        ("manoeuvr", "maneuver", "ed ing able ability"),
        ("manoeuvre", "maneuver", "s"),
        ("programme", "program", "s"),
        ("honour", "honor", "s ed ing ary able"),
        ("armour", "armor", "ed"),
        ("harbour", "harbor", "s ed ing"),
        ("neighbour", "neighbor", "s ing hood ly"),
        ("labour", "labor", "s ed ing"),
        ("endeavour", "endeavor", "s ed ing"),
        ("behaviour", "behavior", "s al"),
        ("colour", "color", "s ed"),
        ("favour", "favor", "s ed ing able"),
        ("rumour", "rumor", "s ed"),
        ("vapour", "vapor", "s"),
        ("rigour", "rigor", ""),
        ("travell", "travel", "ed ing er ers"),
        ("cancell", "cancel", "ed ing"),
        ("signall", "signal", "ed ing"),
        ("fuell", "fuel", "ed ing"),
        ("modell", "model", "ed ing"),
        ("labell", "label", "ed ing"),
        ("dialogue", "dialog", "s"),
        ("catalogue", "catalog", "s"),
        ("analys", "analyz", "e ed ing"),
        ("aeroplane", "airplane", "s"),
        ("tonne", "ton", "s"),
        ("grey", "gray", ""),
        ("sceptic", "skeptic", "s al ism"),
        ("artefact", "artifact", "s"),
        ("aluminium", "aluminum", ""),
        ("ageing", "aging", ""),
        ("judgement", "judgment", "s"),
        *(
            (f"{verb}is", f"{verb}iz", "e es ed er ers ing")
            for verb in (
                "author", "central", "character", "critic", "demilitar", "destabil", "emphas", "equal", "final", "formal",
                "global", "industrial", "institutional", "legal", "material", "maxim", "militar", "minim", "mobil", "modern",
                "national", "neutral", "normal", "optim", "organ", "penal", "priorit", "real", "recogn", "scrutin",
                "special", "stabil", "standard", "summar", "synchron", "util", "visual", "weapon",
            )
        ),
    )
    for ending in ("", *endings.split())
}  # fmt: skip
_ISATION = re.compile(r"isation(?=s?$|al(?:ly)?$)")

_VOWELS = "аеиоуыэюя"
#: Exercises, which the stemmer would make one word with scholars (учёные).
_EXERCISES = re.compile(r"учени(?:е|я|й|ю|и|ем|ям|ями|ях)")


@cache
def _stemmer(language: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(language)


@lru_cache(maxsize=200_000)
def stem(surface: str) -> str:
    """What an inflected folded word is compared by: учения and учение meet, exercises and exercise meet."""
    if surface.isascii():
        spelled = _SPELLINGS.get(surface) or _ISATION.sub("ization", surface)
        return str(_stemmer("english").stemWord(spelled))
    if "а" <= surface[0] <= "я":
        return _russian_stem(surface)
    return surface


def _russian_stem(surface: str) -> str:
    """The Snowball stem, evened out where Snowball parts the forms of one word.

    Names and nouns in -ов and -ев lose that ending where nothing follows it and keep it where something does (Белоусов,
    Белоусова); -ец and -вок lose a vowel to the next ending (эсминец, эсминца; тренировок, тренировка).
    """
    if _EXERCISES.fullmatch(surface):
        return "учени"
    found = str(_stemmer("russian").stemWord(surface))
    if surface.endswith("ец") and len(surface) > 3:
        return found[:-2] + ("йц" if found[-3] in _VOWELS else "ц")
    if surface.endswith(("вок", "лодок")) and len(surface) > 5:
        return found[:-2] + "к"
    return found[:-2] if found.endswith(("ов", "ев")) and len(found) > 5 else found


def words(text: str) -> Iterator[Word]:
    """The words of `text` in order: stems for Latin and Cyrillic, one Han character at a time."""
    return words_of(fold(text))


def words_of(folded: Folded) -> Iterator[Word]:
    """The same for text that was folded already."""
    last_end = -1
    for found in _WORD.finditer(folded.text):
        surface = found[1]
        start, end = folded.span(*found.span(1))
        is_han = len(surface) == 1 and is_han_character(surface)
        yield Word(surface if is_han else stem(surface), surface, start, end, is_han, found.start() == last_end)
        last_end = found.end()


_HAN_CHARACTER = re.compile(f"[{HAN}]")


def is_han_character(character: str) -> bool:
    return bool(_HAN_CHARACTER.match(character))


#: The same words with neighbouring Han characters left together.
_RUN = re.compile(rf"([{HAN}]+|[^\W_{HAN}]+(?:'(?!s\b)[^\W_{HAN}]+)*)(?:'s\b)?")


def runs(text: str) -> list[str]:
    """The folded surfaces of `text` in order, each run of Han characters whole: the quick way for those who need no offsets."""
    return _RUN.findall(fold(text).text)


def terms(text: str) -> Iterator[str]:
    """What an index holds of `text`: stems, Han characters, and overlapping pairs of neighbouring Han characters."""
    previous: Word | None = None
    for word in words(text):
        yield word.text
        if word.is_han and previous is not None and previous.is_han and word.follows:
            yield previous.text + word.text
        previous = word
