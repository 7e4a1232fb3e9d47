"""Made-up articles in memory: few, and quick to make, for measurements of other things than search. See `made_up` for many."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from storage.records import Article, Kept, Published, Strength, Verdict

WORDS_EACH = 105
NOW = datetime(2025, 6, 1, tzinfo=UTC)

_ALPHABETS = {
    "en": "abcdefghiklmnoprstuw",
    "ru": "абвгдежзиклмнопрстуя",
    "zh": "".join(map(chr, range(0x4E00, 0x5200))),
}
_LENGTHS = {"en": (3, 9), "ru": (4, 11), "zh": (2, 3)}
#: Of ten articles, so that a word can stand in half of all.
_LANGUAGES = ("en",) * 6 + ("ru",) * 2 + ("zh",) * 2


class Press:
    """Articles of words drawn as in natural text: few very common, most rare."""

    def __init__(self, articles: int) -> None:
        self._chance = random.Random(20)
        self.words = {language: self._vocabulary(language) for language in _ALPHABETS}
        self._weights = list(accumulate(1 / (rank + 8) for rank in range(8_000)))
        self._kept = [self._article(number) for number in range(1, articles + 1)]

    def _vocabulary(self, language: str) -> list[str]:
        letters, (shortest, longest) = _ALPHABETS[language], _LENGTHS[language]
        words: dict[str, None] = {}
        while len(words) < 8_000:
            words["".join(self._chance.choices(letters, k=self._chance.randint(shortest, longest)))] = None
        return list(words)

    def _text(self, language: str, count: int) -> str:
        words = self._chance.choices(self.words[language], cum_weights=self._weights, k=count)
        return ("" if language == "zh" else " ").join(words)

    def _article(self, number: int) -> Kept:
        language = _LANGUAGES[number % 10]
        published = NOW - timedelta(minutes=self._chance.randrange(5_000_000))
        return Kept(
            id=f"{number:012}",
            article=Article(
                outlet=f"outlet-{number % 40}",
                canonical_id=str(number),
                url=f"https://example.org/{number}",
                title=self._text(language, 8),
                text="。".join(self._text(language, 15) for _ in range(WORDS_EACH // 15)),
                published=Published(at=published),
                language=language,
            ),
            verdict=Verdict(strength={"sco": Strength.TIE} if number % 9 == 0 else {}),
            first_seen=published,
            captured=published,
            change=number,
        )

    def changed_since(self, change: int, limit: int) -> list[Kept]:
        return self._kept[change : change + limit]

    def identity(self) -> int:
        return 1

    def last_change(self) -> int:
        return len(self._kept)

    def get(self, id: str) -> Kept | None:
        return self._kept[int(id) - 1]

    def __iter__(self) -> Iterator[Kept]:
        return iter(self._kept)
