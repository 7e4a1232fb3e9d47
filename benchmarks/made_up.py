"""A stream of made-up articles in three languages, for measuring an archive of any size; always the same ones.

Words are drawn as in natural text (few very common, most rare) and make sentences; an article is about 2 kB of sentences from a
large store of them, with names and numbers of its own, so that its dictionary grows as a real archive's does. One article in ten
has a topic, one in thirty tells of a named event of the register. Nothing here was ever published.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from storage.records import Article, Basis, Evidence, Outlet, Published, Strength, Verdict

#: The latest day of the stream, and how many days it goes back.
NOW = datetime(2026, 6, 1, tzinfo=UTC)
DAYS = 3_650

OUTLETS = tuple(
    Outlet(key=f"made-up-{number}", name=f"Made-up Press {number}", country=country)
    for number, country in enumerate(("cn", "ru", "kz", "in", "pk", "by", "us", "gb", "ir", "uz", "tj", "kg") * 5)
)

_ALPHABETS = {
    "en": "eeeetaaoinshrdlucmfwyp",
    "ru": "оооеаинтсрвлкмдпуяыьгзб",
    "zh": "".join(map(chr, range(0x4E00, 0x5600))),
}
_LENGTHS = {"en": (2, 10), "ru": (2, 11), "zh": (1, 3)}
#: Words in a sentence, and UTF-8 bytes in a text.
_SENTENCE, _TEXT = (8, 24), (1_000, 3_000)
_WORDS, _SENTENCES = 60_000, 30_000
#: Of ten articles.
_LANGUAGES = ("en",) * 6 + ("ru",) * 2 + ("zh",) * 2
_EVENTS = {
    "en": "The navies of China and Russia held exercise Joint Sea-{year} near Vladivostok. ",
    "ru": "Флоты России и Китая провели учение «Морское взаимодействие-{year}» у Владивостока. ",
    "zh": "中俄两国海军在符拉迪沃斯托克附近举行“海上联合—{year}”演习。",
}
_ACTIVITIES = ("joint-exercise", "joint-patrol", "visit", "talks", "summit")


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """An article with its verdict."""

    number: int
    article: Article
    verdict: Verdict


class _Language:
    """Words of one language, and sentences made of them."""

    def __init__(self, tag: str) -> None:
        chance = random.Random(f"{tag} words")
        self._tag, self._space = tag, "" if tag == "zh" else " "
        letters, (shortest, longest) = _ALPHABETS[tag], _LENGTHS[tag]
        words: dict[str, None] = {}
        while len(words) < _WORDS:
            words["".join(chance.choices(letters, k=chance.randint(shortest, longest)))] = None
        self.words = list(words)
        self._weights = list(accumulate(1 / (rank + 2.7) for rank in range(_WORDS)))
        self.sentences = [self.sentence(chance) for _ in range(_SENTENCES)]

    def sentence(self, chance: random.Random) -> str:
        words = chance.choices(self.words, cum_weights=self._weights, k=chance.randint(*_SENTENCE))
        said = self._space.join(words)
        return f"{said}。" if self._tag == "zh" else f"{said.capitalize()}. "

    def title(self, chance: random.Random) -> str:
        return self._space.join(chance.choices(self.words, cum_weights=self._weights, k=8)).capitalize()

    def own(self, chance: random.Random) -> str:
        """A sentence no other article has: a name and a number among rare words."""
        letters = _ALPHABETS[self._tag]
        name = "".join(chance.choices(letters, k=3 if self._tag == "zh" else 7))
        rare = self.words[chance.randrange(_WORDS)]
        return self._space.join((rare, name.capitalize(), str(chance.randrange(10_000)), rare)) + ". "


def made_up(count: int, *, first: int = 1) -> Iterator[Made]:
    """Articles number `first` to `first + count`, each made of its number alone."""
    languages = {tag: _Language(tag) for tag in _ALPHABETS}
    for number in range(first, first + count):
        chance = random.Random(number)
        tag = _LANGUAGES[number % 10]
        article = _article(number, tag, languages[tag], chance)
        yield Made(number=number, article=article, verdict=_verdict(number, article, chance))


def _article(number: int, tag: str, language: _Language, chance: random.Random) -> Article:
    published = NOW - timedelta(seconds=chance.randrange(DAYS * 86_400))
    outlet = OUTLETS[int(chance.paretovariate(1)) % len(OUTLETS)]
    return Article(
        outlet=outlet.key,
        canonical_id=str(number),
        url=f"https://{outlet.key}.example/{published:%Y/%m/%d}/{number}.html",
        title=language.title(chance),
        text=_text(number, tag, language, chance, published.year),
        published=Published(at=published, basis=Basis.PAGE),
        language=tag,
    )


def _text(number: int, tag: str, language: _Language, chance: random.Random, year: int) -> str:
    room = chance.randint(*_TEXT)
    sentences = [_EVENTS[tag].format(year=year)] if number % 30 == 0 else []
    sentences.append(language.own(chance))
    # Bytes of UTF-8: about one a letter in English, two in Russian, three in Chinese.
    width = {"en": 1, "ru": 1.9, "zh": 3}[tag]
    length = sum(map(len, sentences)) * width
    while length < room:
        sentence = language.sentences[int(chance.random() * _SENTENCES)]
        sentences.append(sentence)
        length += len(sentence) * width
    chance.shuffle(sentences)
    return "\n".join("".join(sentences[at : at + 4]) for at in range(0, len(sentences), 4))


def _verdict(number: int, article: Article, chance: random.Random) -> Verdict:
    if number % 10:
        return Verdict()
    strength = {"china-russia": Strength.TIE} if number % 20 == 0 else {"sco": Strength.MENTION}
    form = article.text[:6]
    evidence = Evidence(
        topic=next(iter(strength)), rule="made-up", form=form, field="text", start=0, end=6, sentence=article.text[:80]
    )
    return Verdict(strength=strength, activities=(chance.choice(_ACTIVITIES),), evidence=(evidence,))
