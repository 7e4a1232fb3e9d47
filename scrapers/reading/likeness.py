"""Are two texts alike? The traits of two articles walk in; why they tell one story walks out, or None. Pure.

Five ways, from the surest: the same words, a part of the same words, the same headline where there is nothing else, the same
news in other words, the same news in another language. Texts made by filling in a form (daily counts, price lists) are alike
in their words and differ in their numbers: these stay apart.

`service` hands `alike` to the archive, which asks it about the few articles that share a key.
"""

from scrapers.reading.shingles import shared
from scrapers.reading.traits import Traits, term_weights, unpack
from storage.records import Likeness, LinkKind

#: Shares of hundred: of the words of both that both have, to be copies; of the shorter's, to be a part of the longer.
_COPY, _PART = 55, 55
#: The shorter's, where one outlet names the other as its origin or both belong to one publisher.
_PART_CREDITED = 35
#: Texts that share so much of the shorter and differ in their numbers fill in one form.
_FORM = 25
#: Both, within one outlet or after more days than these; and for both: columns and ceremonies return in the words of the
#: last time.
_STRICT, _SOON, _AGAIN, _NEVER = 80, 10, 95, 101
#: Likeness of the weighed words of two titles and leads, to be the same news: in two outlets, where one credits the other,
#: and in one, which tells the parts of a visit one by one.
_RETOLD, _RETOLD_CREDITED, _RETOLD_AT_HOME = 45, 40, 65
#: Fewer shared hashes prove nothing; nor do texts with fewer words than so many.
_LEAST_SHARED, _BARE = 5, 15
#: Days between the same headline and its echo, between two tellings in one language, between two in different languages.
_HEADLINE_DAYS, _RETOLD_DAYS, _TRANSLATED_DAYS = 5, 2, 1
#: Words of a headline that say enough to stand alone.
_LEAST_TITLE = 4
#: Of the numbers in the shorter list, the share that must stand in the other, for texts that share their words; where the
#: titles differ by a number; and how many numbers say anything.
_FIGURES_AGREE, _FIGURES_SURE, _LEAST_FIGURES = 50, 80, 3


def alike_packed(one: bytes, other: bytes) -> Likeness | None:
    """`alike`, of traits as the archive keeps them."""
    return alike(unpack(one), unpack(other))


def alike(one: Traits, other: Traits) -> Likeness | None:
    """Whether two articles tell one story. The order of the two does not matter."""
    if _is_bare(one) or _is_bare(other):
        return _same_headline(one, other) or _translated(one, other)
    both, here, there = shared(one.sketch, one.is_whole, other.sketch, other.is_whole)
    if both < _LEAST_SHARED:
        return _retold(one, other) or _translated(one, other)
    resemblance, contained = 100 * both // (here + there - both), 100 * both // min(here, there)
    if contained >= _FORM and not _figures_agree(one, other, is_same=resemblance == 100):
        return None
    return _same_words(one, other, resemblance, contained) or _retold(one, other)


def _is_bare(traits: Traits) -> bool:
    return traits.length < _BARE


def _credits(one: Traits, other: Traits) -> bool:
    """Whether one outlet names the other's publisher as its origin, both name the same, or both belong to one publisher."""
    ours, theirs = {one.publisher, one.origin} - {0}, {other.publisher, other.origin} - {0}
    return one.outlet != other.outlet and not ours.isdisjoint(theirs)


# ------------------------------------------------------------------ the same words


def _same_words(one: Traits, other: Traits, resemblance: int, contained: int) -> Likeness | None:
    copy, part = _asked(one, other)
    if resemblance >= copy:
        return Likeness(LinkKind.COPY, resemblance)
    return Likeness(LinkKind.SHORTENED, contained) if contained >= part else None


def _asked(one: Traits, other: Traits) -> tuple[int, int]:
    """Shares that make a copy, and a part."""
    at_home, is_late = one.outlet == other.outlet, abs(one.day - other.day) > _SOON
    if at_home or is_late:
        return (_AGAIN, _NEVER) if at_home and is_late else (_STRICT, _STRICT)
    return _COPY, _PART_CREDITED if _credits(one, other) else _PART


def _figures_agree(one: Traits, other: Traits, *, is_same: bool) -> bool:
    """Whether the numbers are those of one report, and not of two that fill in one form."""
    if is_same:
        return True
    ours, theirs = set(one.figures), set(other.figures)
    fewer = min(len(ours), len(theirs))
    agree = 100 * len(ours & theirs) // fewer if fewer else 100
    if _titles_differ_by_figures(one, other):
        return fewer >= _LEAST_FIGURES and agree >= _FIGURES_SURE
    return fewer < _LEAST_FIGURES or agree >= _FIGURES_AGREE


def _titles_differ_by_figures(one: Traits, other: Traits) -> bool:
    """Whether each title has a number, day or month that the other has not."""
    ours, theirs = set(one.title_figures), set(other.title_figures)
    return bool(ours - theirs) and bool(theirs - ours)


# ------------------------------------------------------------------ nothing but a headline


def _same_headline(one: Traits, other: Traits) -> Likeness | None:
    days = abs(one.day - other.day)
    if one.language != other.language or days > _HEADLINE_DAYS or one.title_figures != other.title_figures:
        return None
    if one.outlet == other.outlet and days:
        # A column's name: an outlet does not tell its news twice.
        return None
    if one.title == other.title and len(one.title) >= _LEAST_TITLE:
        return Likeness(LinkKind.HEADLINE, 100)
    core = one.title_core
    # One of the two is nothing but its core: of "Games: Chess" and "Games: Go" neither is.
    if core == other.title_core and core in (one.title, other.title) and len(core) >= _LEAST_TITLE:
        return Likeness(LinkKind.HEADLINE, 90)
    return None


# ------------------------------------------------------------------ other words


def _retold(one: Traits, other: Traits) -> Likeness | None:
    if (
        one.language != other.language
        or abs(one.day - other.day) > _RETOLD_DAYS
        or _titles_differ_by_figures(one, other)
    ):
        return None
    asked = _RETOLD_AT_HOME if one.outlet == other.outlet else _RETOLD_CREDITED if _credits(one, other) else _RETOLD
    likeness = cosine(one, other)
    return Likeness(LinkKind.RETOLD, likeness) if likeness >= asked else None


def cosine(one: Traits, other: Traits) -> int:
    """How alike titles and leads are by their weighed words, of a hundred."""
    ours, theirs = term_weights(one), term_weights(other)
    product = sum(weight * theirs.get(word, 0) for word, weight in ours.items())
    lengths = sum(weight**2 for weight in ours.values()) * sum(weight**2 for weight in theirs.values())
    return round(100 * product / lengths**0.5) if lengths else 0


# ------------------------------------------------------------------ another language


def _translated(one: Traits, other: Traits) -> Likeness | None:
    """The same named event within a day, or the same thing done by the same two people; and nothing that speaks against it."""
    if one.language == other.language or abs(one.day - other.day) > _TRANSLATED_DAYS:
        return None
    if one.activities[:1] != other.activities[:1] or not one.activities:
        return None
    ours, theirs = set(one.people), set(other.people)
    common = len(ours & theirs)
    if one.events[:1] and one.events[:1] == other.events[:1]:
        return Likeness(LinkKind.TRANSLATED, 60 + min(20, 10 * common)) if common or not (ours and theirs) else None
    if not one.events and not other.events and common >= 2 and 2 * common >= len(ours | theirs):
        return Likeness(LinkKind.TRANSLATED, 50 + min(20, 10 * common))
    return None
