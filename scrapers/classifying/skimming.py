"""Tell at a glance whether a text is worth reading: whether any rule finds all it asks for in one place. Pure; only `surveying`
calls it.

Most news is done with after this. It reads no more of a text than the answer takes, the telling forms first.
"""

from collections.abc import Iterable, Sequence

from scrapers.classifying.matching import Found, Glance
from scrapers.classifying.needs import Need
from scrapers.classifying.probing import either
from scrapers.classifying.rules import Rules

#: A place found in a text that is not read yet: what could answer the rules there, whose glance found it, and the place.
_Place = tuple[int, Glance, Found]


def is_worth_reading(rules: Rules, head: Glance, body: Glance) -> bool:
    """Whether a rule finds all it asks for in the title and one stretch of the text; or in all of it, where that will do."""
    heading, stretches = _places(rules, head, head.standing()), list(body.stretches().values())
    if len(stretches) < 2:
        return _is_met(
            rules.needs.rules, [*heading, *(one for found in stretches for one in _places(rules, body, found))]
        )
    possible = rules.needs.within(head.could | body.could)
    anywhere = [need for need in possible if need.anywhere]
    if anywhere and _is_met(anywhere, heading + _places(rules, body, body.standing())):
        return True
    return any(_is_met(possible, heading + _places(rules, body, stretch)) for stretch in stretches)


def _places(rules: Rules, glance: Glance, found: Iterable[Found]) -> list[_Place]:
    asked = rules.matcher.asked
    return [(asked[one[0]], glance, one) for one in found]


def _is_met(needs: Sequence[Need], places: list[_Place]) -> bool:
    """Whether what stands at the places is all that one of `needs` asks for. No place is read twice."""
    could, sure, absent = either([bits for bits, _, _ in places]), 0, 0
    for need in needs:
        if could & need.bits != need.bits or absent & need.bits:
            continue
        for bit in need.apart:
            if not sure & bit:
                sure |= _read_for(bit, places)
                if not sure & bit:
                    absent |= bit
                    break
        else:
            return True
    return False


def _read_for(bit: int, places: list[_Place]) -> int:
    """Read on until something answers the bit, and take what was read from the list. Gives all bits that were answered."""
    sure = 0
    for at in range(len(places) - 1, -1, -1):
        bits, glance, one = places[at]
        if bits & bit:
            del places[at]
            sure |= glance.asked_at(one)
            if sure & bit:
                break
    return sure
