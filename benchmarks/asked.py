"""What is asked of an archive of `made_up` articles: queries of every kind, drawn from the articles' own words."""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from benchmarks.made_up import made_up
from storage.search.streams import streams
from storage.words import is_han_character, runs

SAMPLE = 4_000
#: Queries of a kind.
EACH = 20


@dataclass(frozen=True, slots=True)
class Kind:
    name: str
    queries: tuple[str, ...]
    #: Single words that FTS5 is asked for too.
    is_compared: bool = False


#: What is put behind a query: nothing; half of all articles; a twentieth; the last three years.
FILTERS = {
    "": "",
    "of half the archive": " outlet:made-up-1",
    "of a twentieth": " topic:sco",
    "of three years": " after:2023-06-01",
    "of a language and a country": " lang:en country:kz",
}


class Asked:
    """Words by how many articles hold them, in a sample."""

    def __init__(self) -> None:
        self._chance = random.Random(11)
        self._texts = [made.article for made in made_up(SAMPLE)]
        held: Counter[str] = Counter()
        written: dict[str, str] = {}
        for article in self._texts:
            for run in set(runs(f"{article.title}\n{article.text}")):
                if len(run) > 2 and run.isalpha() and not is_han_character(run[0]):
                    written.setdefault(streams(run).stems[0], run)
            held.update(set(streams(f"{article.title}\n{article.text}").stems) & written.keys())
        self._shares = {written[stem]: count / SAMPLE for stem, count in held.items()}

    def kinds(self) -> Iterator[Kind]:
        half, some, few, rare = self._near(0.5), self._near(0.05), self._near(0.01), self._near(0.0005)
        yield Kind("a word in half of all", tuple(half[:4]), is_compared=True)
        yield Kind("a word in one of twenty", tuple(some[:EACH]), is_compared=True)
        yield Kind("a rare word", tuple(rare[:EACH]))
        yield Kind("two words, of half and of a twentieth", tuple(f"{half[n % 4]} {some[n]}" for n in range(EACH)))
        yield Kind("two words, each in half", tuple(f"{one} {other}" for one, other in pairwise(half[:5])))
        yield Kind("ten words, any of them", tuple(self._any(few + some) for _ in range(EACH)))
        yield Kind("ten common words, any of them", tuple(self._any(half[:6] + some) for _ in range(EACH)))
        yield Kind("a phrase", tuple(self._phrases(("en", "ru"), 3)))
        yield Kind("a phrase of two common words", tuple(f'"{a} {b}"' for a, b in pairwise(half[: EACH // 2])))
        yield Kind("a Chinese word of two characters", tuple(self._phrases(("zh",), 2)))
        yield Kind("a Chinese phrase", tuple(self._phrases(("zh",), 5)))
        yield Kind("a beginning", tuple(f"{word[:5]}*" for word in few[:EACH]))
        yield Kind(
            "a name in every script", ("Joint Sea", "Joint Sea 2024", "海上联合", "Shoigu", "ШОС", "Vladivostok")
        )
        yield Kind("everything", ("",))

    def typed(self) -> tuple[str, ...]:
        """Beginnings of queries, as one types them."""
        words = ["shoi", "Joint S", "上", "shanghai coop", "out", "Влади", "event:jo", "topic:", "outlet:made", "vla"]
        return (*words, *(word[: 3 + n % 4] for n, word in enumerate(self._near(0.01)[:30])))

    def _near(self, share: float) -> list[str]:
        """Words in about that share of all articles, the nearest first."""
        return sorted(self._shares, key=lambda word: (abs(self._shares[word] - share), word))[:60]

    def _any(self, words: Sequence[str]) -> str:
        return " OR ".join(self._chance.sample(words, 10))

    def _phrases(self, languages: tuple[str, ...], length: int) -> Iterator[str]:
        """So many words, or characters of Han, that follow each other somewhere."""
        texts = [article.text for article in self._texts if article.language in languages]
        for text in self._chance.sample(texts, EACH):
            if languages == ("zh",):
                run = max(runs(text), key=len)
                yield run[:length]
            else:
                words = text.split(". ")[1].split()
                yield f'"{" ".join(words[:length])}"'
