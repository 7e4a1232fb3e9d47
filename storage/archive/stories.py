"""What may be asked of the archive about stories: where articles stand, who is in a story, and what a person says of it.

Places are derived and made anew at will; corrections are not, and outlive them. Only `service`, `storage.search` and tests call
it, through `Archive.stories`.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from itertools import product

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from storage.archive.database import Database
from storage.archive.placing import Alike, corrections_of, links_of, members_of, place_articles, regroup
from storage.records import Correction, Link, Placing
from storage.tables import COUNTERS, STORY_CORRECTIONS, STORY_KEYS, STORY_LINKS, STORY_PLACES

#: Counters: the last change whose articles have a place, and the form of their traits.
_UP_TO, _FORM = "stories", "stories form"


class Stories:
    """Stories and corrections. Every method may raise ArchiveError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # -------------------------------------------------------------- places

    def place(self, placings: Sequence[Placing], alike: Alike, *, up_to: int | None = None) -> int:
        """Finds each article its place; how many had to be placed. All in one transaction.

        Articles that were placed as they are now are passed by. `up_to` is remembered as the last change that was looked at.
        """
        with self._database.write() as connection:
            placed = place_articles(connection, placings, alike)
            if up_to is not None and up_to > _counter(connection, _UP_TO):
                _count(connection, _UP_TO, up_to)
        return placed

    def up_to(self) -> int:
        """The last change number whose articles were looked at."""
        with self._database.read() as connection:
            return _counter(connection, _UP_TO)

    def form(self) -> int:
        """The form of the traits that are kept; 0 where there are none yet."""
        with self._database.read() as connection:
            return _counter(connection, _FORM)

    def forget(self, *, form: int) -> None:
        """Takes all places away, to be made anew with traits of this form; what a person said stays."""
        with self._database.write() as connection:
            for table in (STORY_LINKS, STORY_KEYS, STORY_PLACES):
                connection.execute(delete(table))
            _count(connection, _UP_TO, 0)
            _count(connection, _FORM, form)

    # -------------------------------------------------------------- who is in a story

    def of(self, article: str) -> str:
        """The story an article is in; empty while it has no place."""
        with self._database.read() as connection:
            found = select(STORY_PLACES.c.story).where(STORY_PLACES.c.article == article)
            return connection.scalar(found) or ""

    def members(self, story: str) -> list[str]:
        """The articles of the story that `story`, any of its articles, is in; in no order. None while it has no place."""
        with self._database.read() as connection:
            found = select(STORY_PLACES.c.story).where(STORY_PLACES.c.article == story)
            return sorted(members_of(connection, connection.scalars(found).all()))

    def links(self, articles: Collection[str]) -> list[Link]:
        """What the machine found alike among these articles."""
        known = set(articles)
        with self._database.read() as connection:
            return [link for link in links_of(connection, known) if {link.one, link.other} <= known]

    def count(self) -> tuple[int, int]:
        """Stories of more than one article, and the articles in them."""
        sizes = select(func.count().label("size")).select_from(STORY_PLACES).group_by(STORY_PLACES.c.story).subquery()
        question = select(func.count(), func.coalesce(func.sum(sizes.c.size), 0)).where(sizes.c.size > 1)
        with self._database.read() as connection:
            stories, articles = connection.execute(question).one()
            return int(stories), int(articles)

    def largest(self, *, limit: int, offset: int = 0) -> list[tuple[str, int]]:
        """Stories of more than one article with their sizes, the largest first."""
        size = func.count().label("size")
        question = select(STORY_PLACES.c.story, size).group_by(STORY_PLACES.c.story).having(func.count() > 1)
        with self._database.read() as connection:
            order = question.order_by(size.desc(), STORY_PLACES.c.story).limit(limit).offset(offset)
            return [(story, count) for story, count in connection.execute(order)]

    # -------------------------------------------------------------- a person's word

    def join(self, articles: Sequence[str], *, at: datetime, by: str = "", note: str = "") -> None:
        """These articles are one story, and with them the stories they are in, whatever was said before."""
        with self._database.write() as connection:
            groups = [_around(connection, article) for article in articles]
            for one, other in _pairs(groups):
                _unsay(connection, one, other, together=False)
            for article in articles[1:]:
                _say(connection, articles[0], article, together=True, at=at, by=by, note=note)
            regroup(connection, articles, [])

    def split(self, articles: Sequence[str], *, at: datetime, by: str = "", note: str = "") -> None:
        """These articles are a story of their own, apart from all else that is in their stories now."""
        with self._database.write() as connection:
            leaving = set(articles)
            rest = set().union(*(_around(connection, article) for article in articles)) - leaving
            for one, other in product(sorted(leaving), sorted(rest)):
                _unsay(connection, [one], [other], together=True)
                _say(connection, one, other, together=False, at=at, by=by, note=note)
            for article in articles[1:]:
                _unsay(connection, [articles[0]], [article], together=False)
                _say(connection, articles[0], article, together=True, at=at, by=by, note=note)
            regroup(connection, leaving | rest, [])

    def corrections(self, articles: Collection[str] | None = None) -> list[Correction]:
        """What was said, the first said first; of pairs with one of `articles` in them, or all."""
        with self._database.read() as connection:
            if articles is None:
                articles = set(connection.scalars(select(STORY_CORRECTIONS.c.one)))
            return corrections_of(connection, articles)


def _around(connection: Connection, article: str) -> set[str]:
    """The articles of the story that `article` is in; itself where it has no place yet."""
    story = connection.scalar(select(STORY_PLACES.c.story).where(STORY_PLACES.c.article == article))
    return {article, *(members_of(connection, [story]) if story else ())}


def _pairs(groups: Sequence[set[str]]) -> Iterable[tuple[set[str], set[str]]]:
    return ((one, other) for place, one in enumerate(groups) for other in groups[:place])


def _unsay(connection: Connection, ours: Iterable[str], theirs: Iterable[str], *, together: bool) -> None:
    """Takes back what was said of pairs with one article in each: the new word stands instead."""
    one, other = STORY_CORRECTIONS.c.one, STORY_CORRECTIONS.c.other
    ours, theirs = list(ours), list(theirs)
    across = or_(one.in_(ours) & other.in_(theirs), one.in_(theirs) & other.in_(ours))
    connection.execute(delete(STORY_CORRECTIONS).where(across, STORY_CORRECTIONS.c.together.is_(together)))


def _say(connection: Connection, one: str, other: str, *, together: bool, at: datetime, by: str, note: str) -> None:
    one, other = sorted((one, other))
    pair = (STORY_CORRECTIONS.c.one == one) & (STORY_CORRECTIONS.c.other == other)
    connection.execute(delete(STORY_CORRECTIONS).where(pair))
    connection.execute(
        insert(STORY_CORRECTIONS).values(one=one, other=other, together=together, at=at, by=by, note=note)
    )


def _counter(connection: Connection, name: str) -> int:
    return connection.scalar(select(COUNTERS.c.value).where(COUNTERS.c.name == name)) or 0


def _count(connection: Connection, name: str, value: int) -> None:
    known = connection.execute(update(COUNTERS).where(COUNTERS.c.name == name).values(value=value)).rowcount
    if not known:
        connection.execute(insert(COUNTERS).values(name=name, value=value))
