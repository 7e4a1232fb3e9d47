"""A story as pages and commands tell it: the archive and one of its articles walk in, the copies in order walk out, each with what
it added to the first and cut from it. Derived at the moment it is shown, so that an original found late is first from then on.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cached_property

from alerts.selecting import first_publisher, in_time
from service.errors import Unusable
from storage.archive.archive import Archive
from storage.edits import Edit, Piece, diff
from storage.records import Correction, Kept, Likeness, Link, LinkKind
from storage.words import words

#: Articles of a story that are told; the archive knows the rest.
MOST = 100
#: Stretches added or cut that are quoted of one copy, and the characters quoted of each.
MOST_QUOTED, LONGEST = 20, 300


class Role(StrEnum):
    """What an article is to its story."""

    FIRST = "first"
    #: The same words, or nearly.
    COPY = "copy"
    #: A part of the same words.
    SHORTENED = "shortened"
    HEADLINE = "headline"
    #: The same news in other words, or in another language.
    RETOLD = "retold"
    TRANSLATED = "translated"


@dataclass(frozen=True)
class Copy:
    """An article of a story, beside the one published first."""

    kept: Kept
    role: Role
    #: After the first; negative where an outlet that names its origin printed an earlier time than the origin did. None where
    #: only the day is known of either.
    delay: timedelta | None
    first: Kept

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """How its text differs from the first; none where the words are its own."""
        if self.role not in (Role.COPY, Role.SHORTENED):
            return ()
        return diff(self.first.article.text, self.kept.article.text)

    @property
    def added(self) -> list[str]:
        """What it says and the first does not."""
        return _quoted(piece.now for piece in self.pieces if piece.edit is Edit.ADDED)

    @property
    def cut(self) -> list[str]:
        """What the first says and it does not."""
        return _quoted(piece.was for piece in self.pieces if piece.edit is Edit.CUT)

    @property
    def words_added(self) -> int:
        return _counted(piece.now for piece in self.pieces if piece.edit is Edit.ADDED)

    @property
    def words_cut(self) -> int:
        return _counted(piece.was for piece in self.pieces if piece.edit is Edit.CUT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """A story: who published it first, and who after."""

    #: The id of its article first seen. That of any of its articles leads here as well.
    id: str
    copies: tuple[Copy, ...]
    #: Articles beyond those told here.
    more: int
    corrections: tuple[Correction, ...]

    @property
    def is_alone(self) -> bool:
        """Whether nobody else tells it."""
        return len(self.copies) < 2


def telling(archive: Archive, kept: Kept) -> Telling:
    """The story `kept` is in; one of its own while it has no place yet. Raises ArchiveError."""
    ids = archive.stories.members(kept.id) or [kept.id]
    shown = [id for id in ids if id != kept.id][: MOST - 1]
    members = in_time(archive.articles.many([kept.id, *shown]).values())
    links = archive.stories.links([member.id for member in members]) if len(members) > 1 else []
    first = first_publisher(members)
    others = [member for member in members if member.id != first.id]
    roles = _roles(first, links)
    return Telling(
        id=kept.story or kept.id,
        copies=tuple(_copy(member, first, roles) for member in [first, *others]),
        more=len(ids) - len(members),
        corrections=tuple(archive.stories.corrections([member.id for member in members])),
    )


def _copy(member: Kept, first: Kept, roles: Mapping[str, Likeness]) -> Copy:
    if member.id == first.id:
        return Copy(kept=member, role=Role.FIRST, delay=timedelta(0), first=first)
    return Copy(kept=member, role=_role(member, first, roles), delay=_delay(first, member), first=first)


def _roles(first: Kept, links: Iterable[Link]) -> dict[str, Likeness]:
    """How each article is like the first, as far as the machine compared them."""
    found: dict[str, Likeness] = {}
    for link in links:
        if first.id in (link.one, link.other):
            found[link.other if link.one == first.id else link.one] = link.likeness
    return found


def _role(member: Kept, first: Kept, roles: Mapping[str, Likeness]) -> Role:
    likeness = roles.get(member.id)
    if member.article.language != first.article.language:
        return Role.TRANSLATED
    if likeness is None:
        same = member.text_hash == first.text_hash and member.article.text.strip()
        return Role.COPY if same else Role.RETOLD
    if likeness.kind is LinkKind.SHORTENED and len(member.article.text) > len(first.article.text):
        # The first is the shorter one: this one says it all, and more.
        return Role.COPY
    return Role(likeness.kind.value)


def _delay(first: Kept, other: Kept) -> timedelta | None:
    ours, theirs = first.article.published, other.article.published
    if ours is None or theirs is None or not (ours.has_time and theirs.has_time):
        return None
    return theirs.at - ours.at


def _quoted(stretches: Iterable[str]) -> list[str]:
    said = [" ".join(stretch.split()) for stretch in stretches]
    return [one if len(one) <= LONGEST else one[: LONGEST - 1] + "…" for one in said if one][:MOST_QUOTED]


def _counted(stretches: Iterable[str]) -> int:
    return sum(1 for stretch in stretches for _ in words(stretch))


# ------------------------------------------------------------------ in words

_ROLES = {
    Role.FIRST: "first",
    Role.COPY: "copy",
    Role.SHORTENED: "shortened",
    Role.HEADLINE: "same headline",
    Role.RETOLD: "in other words",
    Role.TRANSLATED: "in another language",
}


def place_in_story(one: Copy) -> str:
    """What an article is to its story, and how long after the first it came."""
    said = [_ROLES[one.role], span(one.delay) if one.delay else ""]
    return ", ".join(filter(None, said))


def span(delay: timedelta) -> str:
    """`2 d 3 h after`: the two largest units."""
    minutes = abs(int(delay.total_seconds())) // 60
    units = ((minutes // 1440, "d"), (minutes // 60 % 24, "h"), (minutes % 60, "min"))
    said = [f"{count} {unit}" for count, unit in units if count][:2] or ["under a minute"]
    return f"{' '.join(said)} {'after' if delay > timedelta(0) else 'before'}"


# ------------------------------------------------------------------ which articles are meant


def meant(archive: Archive, ids: Sequence[str]) -> list[str]:
    """Ids or addresses of articles as ids, each once. Raises Unusable for what is neither."""
    found: dict[str, None] = {}
    for id in ids:
        kept = archive.articles.get(id) or archive.articles.by_url(id)
        if kept is None:
            raise Unusable(f"No article has the id or the address {id[:200]!r}: take one from `entente search`.")
        found[kept.id] = None
    return list(found)
