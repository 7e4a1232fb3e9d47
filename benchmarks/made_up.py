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
    "zh": "".join(map(chr, range(0x4E00, 0x5A00))),
}
_LENGTHS = {"en": (2, 10), "ru": (2, 13), "zh": (1, 2)}
#: Words in a sentence, and UTF-8 bytes in a text.
_SENTENCE, _TEXT = (8, 24), (1_000, 3_000)
_WORDS, _SENTENCES, _THEMES = 60_000, 30_000, 300
#: How evenly words are used, and how many of them are of a text's theme: found by comparing the numbers of different words and
#: pairs of Han in made-up texts and in real news of the same length.
_FLATNESS = {"en": 0.8, "ru": 1.5, "zh": 2.0}
_ON_THEME = {"en": 0.25, "ru": 0.2, "zh": 0.3}
#: Of ten articles.
_LANGUAGES = ("en",) * 6 + ("ru",) * 2 + ("zh",) * 2
_EVENTS = {
    "en": "The navies of China and Russia held exercise Joint Sea-{year} near Vladivostok. ",
    "ru": "Флоты России и Китая провели учение «Морское взаимодействие-{year}» у Владивостока. ",
    "zh": "中俄两国海军在符拉迪沃斯托克附近举行“海上联合—{year}”演习。",
}
_ACTIVITIES = ("joint-exercise", "joint-patrol", "visit", "talks", "summit")


def _vocabulary(tag: str, chance: random.Random) -> list[str]:
    """Words, the commonest first: those are short."""
    letters, (shortest, longest) = _ALPHABETS[tag], _LENGTHS[tag]
    # A few hundred characters make up most of Chinese.
    often = list(accumulate(1 / (rank + 30) for rank in range(len(letters)))) if tag == "zh" else None
    words: dict[str, None] = {}
    while len(words) < _WORDS:
        length = min(longest, shortest + len(words) // 50, chance.randint(shortest, longest))
        words["".join(chance.choices(letters, cum_weights=often, k=length))] = None
    return list(words)


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
        self.words = _vocabulary(tag, chance)
        self._weights = list(accumulate(1 / (rank + _FLATNESS[tag]) for rank in range(_WORDS)))
        self.sentences = [sentence for _ in range(_THEMES) for sentence in self._on_one_theme(chance)]

    def _on_one_theme(self, chance: random.Random) -> list[str]:
        """Sentences that come back to some words, as news of one matter does."""
        theme = chance.sample(self.words[: _WORDS // 4], 30)
        return [self._sentence(chance, theme) for _ in range(_SENTENCES // _THEMES)]

    def _sentence(self, chance: random.Random, theme: list[str]) -> str:
        words = chance.choices(self.words, cum_weights=self._weights, k=chance.randint(*_SENTENCE))
        said = self._space.join(
            chance.choice(theme) if chance.random() < _ON_THEME[self._tag] else word for word in words
        )
        return f"{said}。" if self._tag == "zh" else f"{said.capitalize()}. "

    def about(self, chance: random.Random) -> tuple[int, int]:
        """Which sentences are on one theme."""
        theme = int(chance.random() * _THEMES)
        return theme * (_SENTENCES // _THEMES), (theme + 1) * (_SENTENCES // _THEMES)

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
    first, past = language.about(chance)
    # Bytes of UTF-8: about one a letter in English, two in Russian, three in Chinese.
    width = {"en": 1, "ru": 1.9, "zh": 3}[tag]
    length = sum(map(len, sentences)) * width
    while length < room:
        sentence = language.sentences[first + int(chance.random() * (past - first))]
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
    event = (f"joint_sea-{article.published.at.year}",) if article.published and number % 30 == 0 else ()
    return Verdict(strength=strength, activities=(chance.choice(_ACTIVITIES),), events=event, evidence=(evidence,))
