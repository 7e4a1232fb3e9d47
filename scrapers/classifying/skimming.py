"""Tell at a glance whether a text is worth reading: whether any rule finds all it asks for in one place. Pure; only `surveying`
calls it.

Most news is done with after this. It reads no more of a text than the answer takes, the telling forms first.
"""

from collections.abc import Iterable

from scrapers.classifying.matching import Found, Glance
from scrapers.classifying.needs import Need
from scrapers.classifying.probing import either
from scrapers.classifying.rules import Rules


def is_worth_reading(rules: Rules, head: Glance, body: Glance) -> bool:
    """Whether a rule finds all it asks for in the title and one stretch of the text; or in all of it, where that will do."""
    needs = rules.needs.within(head.could | body.could)
    if not needs:
        return False
    heading = _unread(rules, head, head.standing())
    met = _met(needs, heading + _unread(rules, body, body.standing()))
    stretches = body.stretches().values() if met else ()
    if len(stretches) < 2 or any(need.anywhere for need in met):
        return bool(met)
    return any(_met(met, heading + _unread(rules, body, stretch)) for stretch in stretches)


#: Places where one piece stands that are not looked at yet: what could answer the rules there, and whose glance found them.
_Unread = tuple[int, Glance, list[Found]]


def _unread(rules: Rules, glance: Glance, found: Iterable[Found]) -> list[_Unread]:
    by_piece: dict[int, list[Found]] = {}
    for one in found:
        by_piece.setdefault(one[0], []).append(one)
    asked = rules.matcher.asked
    return [(asked[piece], glance, places) for piece, places in by_piece.items()]


def _met(needs: Iterable[Need], unread: list[_Unread]) -> list[Need]:
    """Those of `needs` for which all they ask for stands at the places. No place is looked at twice."""
    met: list[Need] = []
    could, sure, absent = either([bits for bits, _, _ in unread]), 0, 0
    left = [(bits, glance, list(places)) for bits, glance, places in unread]
    for need in needs:
        if could & need.bits != need.bits or absent & need.bits:
            continue
        for bit in need.apart:
            if not sure & bit:
                sure |= _read_for(bit, left)
                if not sure & bit:
                    absent |= bit
                    break
        else:
            met.append(need)
    return met


def _read_for(bit: int, unread: list[_Unread]) -> int:
    """Look at places until something answers the bit, and take these from the list. Gives all bits that were answered."""
    sure = 0
    for bits, glance, places in unread:
        if bits & bit:
            while places:
                sure |= glance.asked_at(places.pop())
                if sure & bit:
                    return sure
    return sure
