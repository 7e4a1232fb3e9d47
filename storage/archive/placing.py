"""An article finds its place among the stories, inside a transaction the caller holds.

What it costs does not grow with the archive: a fixed number of keys is looked up, so many articles under each and no more, and
the likeliest few are compared. Only `storage.archive` imports this module.
"""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, TextClause, bindparam, delete, insert, or_, select, text, update

from storage.archive.doors import batches
from storage.archive.grouping import first_of, grouped
from storage.records import Correction, Likeness, Link, Placing
from storage.tables import ARTICLES, STORY_CORRECTIONS, STORY_LINKS, STORY_PLACES

Alike = Callable[[bytes, bytes], Likeness | None]

#: Articles looked at under one key, the last placed first, and articles compared, those with most keys in common first.
UNDER_ONE_KEY, COMPARED = 50, 16
#: Lookups ask for so many keys or a multiple: a store prepares few statements.
_ROUND = 16

_FILE = text("INSERT INTO story_key (key, place) VALUES (:key, :place) ON CONFLICT DO NOTHING")
_PLACE = select(STORY_PLACES.c.number, STORY_PLACES.c.story, STORY_PLACES.c.stamp).where(
    STORY_PLACES.c.article == bindparam("id")
)
_NEW_PLACE = insert(STORY_PLACES).returning(STORY_PLACES.c.number)
_NEW_LINKS = insert(STORY_LINKS)
_TRAITS = select(STORY_PLACES.c.number, STORY_PLACES.c.story, STORY_PLACES.c.traits).where(
    STORY_PLACES.c.number.in_(bindparam("numbers", expanding=True))
)

_RENAME = (
    update(STORY_PLACES)
    .where(STORY_PLACES.c.story.in_(bindparam("stories", expanding=True)))
    .values(story=bindparam("name"))
)
_FIRST_SEEN = select(ARTICLES.c.id, ARTICLES.c.first_seen).where(ARTICLES.c.id.in_(bindparam("ids", expanding=True)))


def place_articles(connection: Connection, placings: Iterable[Placing], alike: Alike) -> int:
    """How many had to be placed: not those of which nothing that matters has changed since they were."""
    is_anything_said = connection.scalar(select(STORY_CORRECTIONS.c.one).limit(1)) is not None
    return sum(_place(connection, placing, alike, is_anything_said=is_anything_said) for placing in placings)


def _place(connection: Connection, placing: Placing, alike: Alike, *, is_anything_said: bool) -> bool:
    stamp = _stamp(placing)
    was = connection.execute(_PLACE, {"id": placing.article}).first()
    if was is not None and was.stamp == stamp:
        return False
    if was is not None:
        _take_away(connection, was.number)
    number = _put(connection, placing, stamp, story=was.story if was else placing.article)
    found = _linked(connection, number, placing, alike)
    if was is None and not (is_anything_said and _is_corrected(connection, {placing.article, *found})):
        _join(connection, {placing.article, *found})
    else:
        regroup(connection, {placing.article}, {*found, was.story if was else placing.article})
    return True


def _stamp(placing: Placing) -> str:
    digest = sha256(placing.traits)
    for key in sorted(placing.filed):
        digest.update(key.to_bytes(8))
    return digest.hexdigest()[:32]


def _take_away(connection: Connection, number: int) -> None:
    """Its keys stay behind and lead nowhere: to find them would take an index as large as their table."""
    connection.execute(delete(STORY_LINKS).where(or_(STORY_LINKS.c.one == number, STORY_LINKS.c.other == number)))
    connection.execute(delete(STORY_PLACES).where(STORY_PLACES.c.number == number))


def _put(connection: Connection, placing: Placing, stamp: str, *, story: str) -> int:
    row = {"article": placing.article, "story": story, "stamp": stamp, "traits": placing.traits}
    number = int(connection.scalar(_NEW_PLACE, row) or 0)
    if placing.filed:
        # In their order, which is that of the table; those of a number that is given again may be there.
        connection.execute(_FILE, [{"key": key, "place": number} for key in sorted(placing.filed)])
    return number


# ------------------------------------------------------------------ who is alike


def _linked(connection: Connection, number: int, placing: Placing, alike: Alike) -> set[str]:
    """Links the article to those it is like; their stories."""
    stories: set[str] = set()
    links: list[dict[str, Any]] = []
    for other in connection.execute(_TRAITS, {"numbers": _candidates(connection, number, placing.sought)}).all():
        likeness = alike(placing.traits, other.traits)
        if likeness is not None:
            stories.add(other.story)
            one, two = sorted((number, other.number))
            links.append({"one": one, "other": two, "kind": likeness.kind, "strength": likeness.strength})
    if links:
        connection.execute(_NEW_LINKS, links)
    return stories


def _candidates(connection: Connection, number: int, sought: Collection[int]) -> list[int]:
    """Numbers of the places that have most keys in common with those sought."""
    if not sought:
        return []
    # No key is below zero: these fill up.
    keys = [*sought, *(-1 for _ in range(-len(sought) % _ROUND))]
    named = {f"key{position}": key for position, key in enumerate(keys)}
    return list(connection.scalars(_under(len(keys)), named | {"own": number}))


@cache
def _under(count: int) -> TextClause:
    """The question for what is filed under so many keys; no key, however common, costs more than another."""
    under = " UNION ALL ".join(
        f"SELECT place FROM (SELECT place FROM story_key WHERE key = :key{position} ORDER BY place DESC"
        f" LIMIT {UNDER_ONE_KEY}) AS under{position}"
        for position in range(count)
    )
    return text(
        f"SELECT place FROM ({under}) AS filed WHERE place <> :own GROUP BY place"
        f" ORDER BY COUNT(*) DESC, place DESC LIMIT {COMPARED}"
    )


# ------------------------------------------------------------------ what becomes of the stories


def _is_corrected(connection: Connection, stories: Collection[str]) -> bool:
    """Whether a person has said anything of an article of these stories, or of the article one is named by."""
    return bool(corrections_of(connection, {*stories, *members_of(connection, stories)}))


def _join(connection: Connection, stories: Collection[str]) -> None:
    """Stories become one, named by its article first seen: that of a story is its name."""
    if len(stories) > 1:
        name = first_of(_first_seen(connection, stories))
        others = [story for story in stories if story != name]
        connection.execute(_RENAME, {"stories": others, "name": name})


def regroup(connection: Connection, articles: Iterable[str], stories: Iterable[str]) -> None:
    """These articles and all that belongs with these stories is grouped anew, from links and corrections alone."""
    articles = set(articles)
    members = articles | members_of(connection, {*stories, *_stories(connection, articles).values()})
    while True:
        links, corrections = links_of(connection, members), corrections_of(connection, members)
        reached = {id for link in links for id in (link.one, link.other)}
        reached |= {id for one in corrections if one.together for id in (one.one, one.other)}
        beyond = members_of(connection, _stories(connection, reached - members).values()) - members
        if not beyond:
            break
        members |= beyond
    first_seen = _first_seen(connection, members)
    was = _stories(connection, members)
    for article, story in grouped({id: first_seen[id] for id in was}, links, corrections).items():
        if was[article] != story:
            connection.execute(update(STORY_PLACES).where(STORY_PLACES.c.article == article).values(story=story))


def members_of(connection: Connection, stories: Iterable[str]) -> set[str]:
    """The articles of these stories."""
    found: set[str] = set()
    for batch in batches(stories):
        found.update(connection.scalars(select(STORY_PLACES.c.article).where(STORY_PLACES.c.story.in_(batch))))
    return found


def links_of(connection: Connection, articles: Collection[str]) -> list[Link]:
    """What links these articles, to each other and to others."""
    one, other = STORY_PLACES.alias("one"), STORY_PLACES.alias("other")
    question = (
        select(one.c.article, other.c.article, STORY_LINKS.c.kind, STORY_LINKS.c.strength)
        .join(one, one.c.number == STORY_LINKS.c.one)
        .join(other, other.c.number == STORY_LINKS.c.other)
    )
    found: dict[tuple[str, str], Link] = {}
    for batch in batches(articles):
        for side in (one, other):
            for row in connection.execute(question.where(side.c.article.in_(batch))):
                found[row[0], row[1]] = Link(one=row[0], other=row[1], likeness=Likeness(row[2], row[3]))
    return list(found.values())


def corrections_of(connection: Connection, articles: Collection[str]) -> list[Correction]:
    """What was said of pairs with one of these articles in them, the first said first."""
    columns = [STORY_CORRECTIONS.c[name] for name in Correction.__dataclass_fields__]
    found: dict[tuple[str, str], Correction] = {}
    for batch in batches(articles):
        of_these = or_(STORY_CORRECTIONS.c.one.in_(batch), STORY_CORRECTIONS.c.other.in_(batch))
        for row in connection.execute(select(*columns).where(of_these)).mappings():
            found[row["one"], row["other"]] = Correction(**row)
    return sorted(found.values(), key=lambda said: (said.at, said.one, said.other))


def _stories(connection: Connection, articles: Iterable[str]) -> dict[str, str]:
    """Article -> story, of those that have a place."""
    found: dict[str, str] = {}
    for batch in batches(articles):
        question = select(STORY_PLACES.c.article, STORY_PLACES.c.story).where(STORY_PLACES.c.article.in_(batch))
        found.update((row.article, row.story) for row in connection.execute(question))
    return found


def _first_seen(connection: Connection, articles: Iterable[str]) -> dict[str, datetime]:
    found: dict[str, datetime] = {}
    for batch in batches(articles):
        found.update((row.id, row.first_seen) for row in connection.execute(_FIRST_SEEN, {"ids": batch}))
    return found
