"""Articles kept in memory, answering the index as the archive does."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from storage.records import Article, Attachment, Kept, Published, Strength, Verdict

NOW = datetime(2025, 8, 20, 12, tzinfo=UTC)


def kept(
    id: str,
    text: str = "",
    *,
    title: str = "",
    outlet: str = "tass-en",
    language: str = "en",
    published: datetime | Published | None = None,
    strength: Mapping[str, Strength] | None = None,
    activities: Sequence[str] = (),
    events: Sequence[str] = (),
    attached: Sequence[Attachment] = (),
    country: str = "RU",
    outlet_name: str = "",
    seed: bool = False,
    first_seen: datetime = NOW,
) -> Kept:
    """An article as the archive would hand it out; only what a test is about need be said."""
    return Kept(
        id=id,
        article=Article(
            outlet=outlet,
            canonical_id=id,
            url=f"https://www.example.org/{id}/",
            title=title,
            text=text,
            language=language,
            published=Published(at=published) if isinstance(published, datetime) else published,
        ),
        verdict=Verdict(strength=strength or {}, activities=tuple(activities), events=tuple(events)),
        first_seen=first_seen,
        captured=first_seen,
        text_hash=f"hash-of-{id}",
        seed=seed,
        outlet_name=outlet_name,
        country=country,
        attached=tuple(attached),
    )


class KeptInMemory:
    """What the index needs of an archive: articles by change number."""

    def __init__(self, *articles: Kept, identity: int = 1) -> None:
        self._identity = identity
        self._articles: dict[str, Kept] = {}
        self._change = 0
        self.keep(*articles)

    def keep(self, *articles: Kept) -> None:
        for article in articles:
            self._change += 1
            self._articles[article.id] = replace(article, change=self._change)

    def changed_since(self, change: int, limit: int) -> list[Kept]:
        changed = [article for article in self._articles.values() if article.change > change]
        return sorted(changed, key=lambda article: article.change)[:limit]

    def identity(self) -> int:
        return self._identity

    def last_change(self) -> int:
        return self._change

    def get(self, id: str) -> Kept | None:
        return self._articles.get(id)
