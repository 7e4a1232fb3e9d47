"""How a form written in a topic file is looked for. A form walks in, `Pattern`s walk out. Pure; only this room calls it.

Three notations, one per language; docs/topics.md teaches them:

- en: words as they stand. Case is free unless the form is listed under `capitals`; a plural or possessive of the last word
  and the British spellings are understood; `*` is any run of letters.
- ru: a plain string is an abbreviation (exactly so, capitals and all); a stem has `*` for any run of letters, `|` between
  alternatives, `( )` around them, `)?` after what may be missing, `~` for one word that may stand between.
- zh: a plain substring, guarded by what may not stand before or after it.

Between the parts of a name a space, a dash, a slash, a middle dot, a quote and nothing at all are one and the same.
"""

import re
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

from storage.words import HAN, fold

#: More alternatives than this in one stem are a slip of the pen, and would only slow the reader down.
MOST_ALTERNATIVES = 400
#: So many `*` one form may hold.
MOST_STARS = 6

_EN_GAP = r"""[\s\-/·"']{0,3}"""
_RU_SPACE = r"""[\s"/·\-]+"""
_RU_DASH = r"""[\s"]*[-/·]?[\s"]*"""
_ZH_GAP = r"""[\s\-/·"']{0,3}"""
#: A word begins here, a word ends here.
BEFORE, AFTER = r"(?<![a-zа-я0-9])", r"(?![a-zа-я0-9])"
_PLURAL = r"(?:'s|s'|es|s)?"
_HAS_HAN = re.compile(f"[{HAN}]")

#: Words whose British and American spellings differ in length; those of one length are evened out in the text itself.
_EN_VARIANTS = (
    (re.compile(r"\bmaneuver"), "man(?:eu|oeu)v(?:er|re)"),
    (re.compile(r"\bprogram\b"), "program(?:me)?"),
    (re.compile(r"\bhonor"), "honou?r"),
    (re.compile(r"\barmor"), "armou?r"),
    (re.compile(r"\bharbor"), "harbou?r"),
    (re.compile(r"\bneighbor"), "neighbou?r"),
)
#: One act, four spellings: counter-terrorism, counterterrorism, anti-terrorism, antiterrorism.
_EN_TERROR = re.compile(r"\b(?:counter|anti)[- ]?terror(?:ist|ism)?\b")
_TERROR = rf"(?:counter|anti){_EN_GAP}terror(?:ist|ism)?"

#: Spellings of one length, evened out in folded text before it is searched, and in every form.
SAME_LENGTH = (
    ("defence", "defense"), ("organisation", "organization"), ("centre", "center"), ("theatre", "theater"),
    ("飞弹", "导弹"), ("普丁", "普京"), ("蒲亭", "普京"), ("视讯", "视频"), ("联郃", "联合"), ("连合", "联合"), ("縯习", "演习"),
    ("舟师", "海军"),
)  # fmt: skip


class BadForm(ValueError):
    """A form that cannot be looked for; the message says why."""


class Piece(NamedTuple):
    """A literal run that every occurrence of a form holds."""

    text: str
    #: How far before it the form may begin; 0: it opens the form.
    reach: int = 0
    #: What may stand right before it: nothing but the start of a word (""), one given letter besides, or anything (ANYTHING).
    before: str = ""
    #: The same right behind it: nothing but the end of a word, one of these letters besides, or anything.
    after: str = "*"


ANYTHING = "*"
#: What a plural or possessive begins with.
_PLURAL_LETTERS = "es"


@dataclass(frozen=True, slots=True)
class Pattern:
    """One way a form may stand in folded text."""

    #: The form as written in the file (the lemma of a stem): for people.
    name: str
    #: Regular expression over folded text, boundaries included; empty when the literal alone decides (Chinese).
    regex: str
    #: The matcher looks for one of these first.
    pieces: tuple[Piece, ...]
    #: What must stand in the original text, letter by letter; empty when case is free.
    exactly: str = ""
    #: The text right before (after) may not end (begin) with any of these.
    not_after: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()


def even_out(folded: str) -> str:
    """Folded text with one spelling where two of the same length are in use. Offsets stay."""
    for spelling, ours in SAME_LENGTH:
        if spelling in folded:
            folded = folded.replace(spelling, ours)
    return folded


def folded(form: str) -> str:
    """A form as the text is when it is looked for."""
    return even_out(fold(form).text).strip()


def bounded(regex: str, language: str) -> str:
    """The regular expression between the ends of words, where the language has any."""
    return regex if language == "zh" else f"{BEFORE}{regex}{AFTER}"


def unbounded(regex: str) -> str:
    """The same without the ends of words."""
    return regex.removeprefix(BEFORE).removesuffix(AFTER)


def _refuse_stars(form: str, stem: str) -> str:
    """The stem with runs of stars as one; many stars in a form would let a long word be read in endless ways."""
    if re.sub(r"\*[*\s]*\*", "*", stem).count("*") > MOST_STARS:
        raise BadForm(f"{form!r} has more than {MOST_STARS} stars; write its parts as forms of their own")
    return re.sub(r"\*+", "*", stem)


def _refuse_short(form: str, letters: str, least: int, script: str) -> None:
    if len(letters) < least:
        raise BadForm(f"{form!r} is shorter than {least} {script}: it would match by accident")


# ------------------------------------------------------------------ English


def english(form: str, *, capitals: bool = False) -> tuple[Pattern, ...]:
    """Patterns of an English form. `capitals`: only as written, capitals and all. Raises BadForm."""
    plain = folded(form)
    if _HAS_HAN.search(plain):
        raise BadForm(f"{form!r} holds Chinese characters: write it under zh")
    letters = re.sub(r"[^a-z0-9]", "", plain)
    if not letters:
        raise BadForm("empty form")
    _refuse_short(form, letters, 2 if capitals or re.search(r"\d", letters) else 3, "letters")
    text = _EN_TERROR.sub(" @ ", _refuse_stars(form, plain))
    tokens = [t for t in re.split(r"""[\s\-/·"]+""", text) if t]
    regex = _EN_GAP.join(_english_token(token) for token in tokens)
    regex = f"{BEFORE}{regex}{_PLURAL}{AFTER}"
    pieces = _pieces_of(tokens)
    if not pieces:
        return _short_name(form, tokens)
    return (Pattern(form, regex, pieces, exactly=form if capitals else ""),)


def _short_name(form: str, parts: list[str]) -> tuple[Pattern, ...]:
    """A name of single letters and digits (H-6): every way to join them is looked for as it stands."""
    joined = [gap.join(part.replace("*", "") for part in parts) for gap in ("-", " ", "")]
    if len(joined[0]) < 2:
        raise BadForm(f"{form!r} has no run of two letters to look for")
    tail, after = (r"[a-zа-я0-9]*", ANYTHING) if parts[-1].endswith("*") else (_PLURAL, _PLURAL_LETTERS)
    return tuple(Pattern(form, BEFORE + re.escape(one) + tail + AFTER, (Piece(one, after=after),)) for one in joined)


def _english_token(token: str) -> str:
    if token == "@":
        return _TERROR
    escaped = re.escape(token).replace(r"\*", "[a-z0-9]*")
    if token.startswith(_EN_VARIED):
        for word, spellings in _EN_VARIANTS:
            escaped = word.sub(spellings, escaped)
    return escaped


def _pieces_of(tokens: list[str]) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    reach, before = 0, ""
    for token, following in zip(tokens, [*tokens[1:], ""], strict=True):
        after = "ca" if following == "@" else ANYTHING if following[:1] == "*" else following[:1] or _PLURAL_LETTERS
        if token == "@":
            pieces.append(Piece("terror", reach + 10, ANYTHING))
        elif token.startswith(_EN_VARIED):
            spelled = next(piece for word, piece in _EN_FALLBACK.items() if token.startswith(word))
            pieces.append(Piece(spelled, reach, before))
        else:
            for at, run in enumerate(runs := token.split("*")):
                if len(run) > 1:
                    back = reach + _ANY * at + sum(map(len, runs[:at]))
                    ends = at == len(runs) - 1
                    pieces.append(Piece(run, back, ANYTHING if at else before, after if ends else ANYTHING))
        reach += len(token) + 3 + _ANY * (token.count("*") + token.count("@"))
        before = ANYTHING if token[-1] in "*@" else token[-1]
    return tuple(pieces)


#: What both spellings of a word begin with.
_EN_FALLBACK = {
    "maneuver": "man",
    "program": "program",
    "honor": "hono",
    "armor": "armo",
    "harbor": "harbo",
    "neighbor": "neighbo",
}
_EN_VARIED = tuple(_EN_FALLBACK)
#: How many letters `*` is taken to stand for when looking back; longer words do not exist in our languages.
_ANY = 24


# ------------------------------------------------------------------ Russian


def russian(form: str) -> tuple[Pattern, ...]:
    """Patterns of an abbreviation or indeclinable name: exactly as written, whole. Raises BadForm."""
    plain = folded(form)
    if not plain:
        raise BadForm("empty form")
    _refuse_short(form, re.sub(r"[^\w]", "", plain), 2, "letters")
    return _flat(form, plain, exactly=form)


def russian_stem(lemma: str, stem: str, *, capitals: bool = False) -> tuple[Pattern, ...]:
    """Patterns of a stem, one per alternative. `capitals`: only where the text begins it with a capital. Raises BadForm."""
    if not stem.strip():
        raise BadForm("empty stem")
    flats = _alternatives(_folded_stem(stem))
    if len(flats) > MOST_ALTERNATIVES:
        raise BadForm(f"{stem!r} stands for {len(flats)} forms; write it with fewer alternatives")
    exactly = re.match(r"[^*|()~]*", stem)
    patterns: list[Pattern] = []
    for flat in dict.fromkeys(flats):
        _refuse_short(stem, re.sub(r"[^\w]|_", "", flat), 2, "letters")
        patterns += _flat(lemma, _refuse_stars(stem, flat), exactly=exactly.group() if capitals and exactly else "")
    return tuple(patterns)


def spelled(stem: str) -> str:
    """The first of a stem's alternatives, without its signs."""
    return _alternatives(stem)[0].replace("*", "")


def _folded_stem(stem: str) -> str:
    # Only letters are folded: the signs of the notation must come through untouched.
    return re.sub(r"[^*|()?~]+", lambda part: even_out(fold(part.group()).text), stem)


_CHOICE = frozenset("()|?")


def _alternatives(stem: str) -> list[str]:
    """The stem without its groups: every way to read it."""
    if _CHOICE.isdisjoint(stem):
        return [stem]
    flats, at = _read_choice(stem, 0)
    if at != len(stem):
        raise BadForm(f"bad stem notation: {stem!r} has ')' without '('")
    return flats


def _read_choice(stem: str, at: int) -> tuple[list[str], int]:
    choices: list[str] = []
    sequence = [""]
    while at < len(stem) and stem[at] != ")":
        character = stem[at]
        at += 1
        if character == "|":
            choices += sequence
            sequence = [""]
        elif character == "(":
            inner, at = _read_choice(stem, at)
            if at >= len(stem):
                raise BadForm(f"bad stem notation: {stem!r} has '(' without ')'")
            at += 1
            if stem[at : at + 1] == "?":
                inner, at = [*inner, ""], at + 1
            sequence = [left + right for left, right in product(sequence, inner)]
            if len(sequence) > MOST_ALTERNATIVES:
                raise BadForm(f"{stem!r} stands for too many forms; write it with fewer alternatives")
        elif character == "?":
            raise BadForm(f"bad stem notation: {stem!r} has '?' that follows no ')'")
        else:
            sequence = [left + character for left in sequence]
    return choices + sequence, at


_FLAT_PART = re.compile(r"\*|~ ?|[ \"]+|[-/·]|[^*~ \"/·-]+")


def _flat(name: str, flat: str, *, exactly: str = "") -> tuple[Pattern, ...]:
    """The patterns of a stem without groups: one, but for names of single letters."""
    regex, reach, before = "", 0, ""
    pieces: list[Piece] = []
    parts = _FLAT_PART.findall(flat.strip())
    for at, part in enumerate(parts):
        if part == "*":
            regex += "[а-яa-z0-9]*"
            reach, before = reach + _ANY, ANYTHING
        elif part[0] == "~":
            regex += r'(?:[\w-]+[\s"]+)?'
            reach += _ANY
        elif part[0] in ' "-/·':
            regex += _RU_SPACE if part[0] in ' "' else _RU_DASH
            reach, before = reach + 4, "" if part[0] in ' "' else before
        else:
            regex += re.escape(part)
            if len(part) > 1:
                pieces.append(Piece(part, reach, before, _letters_after(parts[at + 1 :])))
            reach, before = reach + len(part), part[-1]
    if not pieces:
        return _short_name(name, re.split(r"[\s\-/·]+", flat))
    return (Pattern(name, f"{BEFORE}{regex}{AFTER}", tuple(pieces), exactly=exactly),)


def _letters_after(parts: list[str]) -> str:
    """The letters that may stand right behind a piece when these parts follow it (see Piece.after)."""
    if not parts or parts[0][0] in ' "':
        return ""
    if parts[0][0] in "-/·" and len(parts) > 1 and parts[1][0] not in "*~-/·":
        return parts[1][0].strip(' "')  # a dash may be left out
    return ANYTHING


# ------------------------------------------------------------------ Chinese


def chinese(form: str, *, not_after: tuple[str, ...] = (), not_before: tuple[str, ...] = ()) -> tuple[Pattern, ...]:
    """Patterns of a Chinese form. `not_after`, `not_before`: what may not stand in front of it, behind it. Raises BadForm."""
    plain = folded(form)
    if not plain:
        raise BadForm("empty form")
    if not _HAS_HAN.search(plain):
        return _latin_in_chinese(form, plain)
    _refuse_short(form, re.sub(r"[\W_]", "", plain), 2, "characters")
    before, after = tuple(map(folded, not_after)), tuple(map(folded, not_before))
    parts = [part for part in re.split(r"""[\s\-/·"']+""", plain) if part]
    if len(parts) == 1:
        return (Pattern(form, "", (Piece(plain, 0, ANYTHING),), not_after=before, not_before=after),)
    regex = _ZH_GAP.join(map(re.escape, parts))
    starts = [sum(len(before) + 3 for before in parts[:place]) for place in range(len(parts))]
    pieces = tuple(
        Piece(part, at, ANYTHING)
        for part, at in zip(parts, starts, strict=True)
        if len(part) > 1 or _HAS_HAN.search(part)
    )
    return (Pattern(form, regex, pieces, not_after=before, not_before=after),)


def _latin_in_chinese(form: str, plain: str) -> tuple[Pattern, ...]:
    """Names of weapons stand in Latin letters in Chinese text too."""
    return english(form, capitals=len(plain) < 3)
