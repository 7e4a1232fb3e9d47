"""How well pages become text, beside trafilatura as it comes and BeautifulSoup's whole text, in the same run.

Run it with `python -m benchmarks.extraction`. With ENTENTE_SHARED set it reads the real pages of its `fixtures/articles`,
folder by folder; without, the pages of `tests/corpus` that we wrote ourselves. Reading is ours end to end (text, title,
byline, time, language, origin) and without the outlets' selectors, so the figures are those of pages nobody has seen.

The measure is that of the public article extraction benchmark: texts become multisets of shingles of four words; precision
is the mean over pages with output of tp / (tp + fp), recall the mean over pages with a reference of tp / (tp + fn), F1
their harmonic mean. Words are `\\w+`; in Chinese and Japanese every Han or Kana character is one.
"""

import gzip
import json
import logging
import os
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import trafilatura
from bs4 import BeautifulSoup

from scrapers.errors import NotAnArticle
from scrapers.parsing.decoding import to_page
from scrapers.reading.reading import read
from scrapers.reading.trees import plain
from storage.records import Page

NOW = datetime(2026, 11, 21, tzinfo=UTC)
OWN_PAGES = Path(__file__).resolve().parents[1] / "tests" / "corpus" / "pages"
FOLDERS = ("aeb", "fundus", "zh", "asia", "newspaper4k", "readability", "encodings")

_LENGTH = 4
_CHARACTERS = "\u3005\u3007\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_CHARACTER_OR_WORD = re.compile(rf"[{_CHARACTERS}]|[^\W{_CHARACTERS}]+")
_WORD = re.compile(r"\w+")


# ------------------------------------------------------------------ the measure


class Score(NamedTuple):
    """How the shingles of one page's output meet those of its reference."""

    both: int
    only_output: int
    only_reference: int


class Figures(NamedTuple):
    """What the scores of many pages come to, each from 0 to 1."""

    precision: float
    recall: float
    f1: float


def shingles(text: str, language: str) -> Counter[tuple[str, ...]]:
    """The multiset of four words in a row; a shorter text is one shingle."""
    pattern = _CHARACTER_OR_WORD if language in ("zh", "ja") else _WORD
    words = pattern.findall(text)
    last = max(len(words) - _LENGTH + 1, 1) if words else 0
    return Counter(tuple(words[place : place + _LENGTH]) for place in range(last))


def score(reference: str, output: str, language: str = "") -> Score:
    """One page's output beside its reference; `language` is a BCP 47 primary tag."""
    wanted, got = shingles(reference, language), shingles(output, language)
    both = (wanted & got).total()
    return Score(both, got.total() - both, wanted.total() - both)


def figures(scores: Iterable[Score]) -> Figures:
    """Precision over pages with output, recall over pages with a reference, and F1."""
    pages = list(scores)
    precision = _mean([page.both / (page.both + page.only_output) for page in pages if page.both + page.only_output])
    recall = _mean([page.both / (page.both + page.only_reference) for page in pages if page.both + page.only_reference])
    return Figures(precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0)


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0


# ------------------------------------------------------------------ pages and what they should become


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A page beside the text somebody found on it."""

    name: str
    page: Page
    reference: str
    language: str


def samples(shared: Path, folder: str) -> Iterator[Sample]:
    """The pages of one folder of real input, decoded as ours are."""
    fixtures = shared / "fixtures"
    if folder == "readability":
        yield from _readability(fixtures)
        return
    truth: dict[str, Any] = json.loads((fixtures / "articles" / "ground-truth.json").read_text(encoding="utf-8"))
    for name, sample in truth.items():
        if sample["html"].startswith(f"articles/{folder}/"):
            page = _page(fixtures / sample["html"], sample["url"] or "")
            yield Sample(name=name, page=page, reference=sample["articleBody"], language=sample["lang"] or "")


def _readability(fixtures: Path) -> Iterator[Sample]:
    for source in sorted((fixtures / "articles" / "readability").glob("*.source.html.gz")):
        expected = gzip.decompress(source.with_name(source.name.replace(".source.", ".expected.")).read_bytes())
        reference = plain(expected.decode())
        language = "ja" if re.search("[\u3041-\u30ff]", reference) else ""
        yield Sample(name=source.name, page=_page(source, ""), reference=reference, language=language)


def _page(path: Path, url: str) -> Page:
    return to_page(gzip.decompress(path.read_bytes()), url=url if "://" in url else "https://outlet.example/article")


def own_samples() -> Iterator[Sample]:
    """The pages we wrote ourselves."""
    for described in sorted(OWN_PAGES.glob("*.json")):
        expected = json.loads(described.read_text(encoding="utf-8"))
        page = to_page(described.with_suffix(".html").read_bytes(), url=expected["url"])
        text = "\n".join(expected["text"])
        yield Sample(name=described.stem, page=page, reference=text, language=expected["language"])


def passages(shared: Path) -> Iterator[tuple[Page, list[str], list[str]]]:
    """Pages with what must and what must not be in their text."""
    fixtures = shared / "fixtures"
    for sample in json.loads((fixtures / "articles" / "segments.json").read_text(encoding="utf-8")).values():
        yield _page(fixtures / sample["html"], sample["url"] or ""), sample["with"], sample["without"]


def described_titles_and_days(shared: Path) -> Iterator[tuple[Page, str, str]]:
    """Pages whose title and day of publication somebody wrote down (YYYY-MM-DD; either may be empty)."""
    fixtures = shared / "fixtures"
    with (fixtures / "MANIFEST.jsonl").open(encoding="utf-8") as lines:
        for line in map(json.loads, lines):
            if line["path"].startswith(("articles/fundus/", "articles/asia/")):
                page = _page(fixtures / line["path"], line["url"] or "")
                yield page, line.get("title") or "", str(line.get("published") or "")[:10]


# ------------------------------------------------------------------ who reads


def ours(page: Page) -> str:
    """Our reading, without any outlet's selectors."""
    try:
        return read([page], now=NOW).text
    except NotAnArticle:
        return ""


def trafilatura_as_it_comes(page: Page) -> str:
    return trafilatura.extract(page.text) or ""


def whole_text(page: Page) -> str:
    return BeautifulSoup(page.text, "lxml").get_text("\n")


READERS: dict[str, Callable[[Page], str]] = {
    "Entente": ours,
    f"trafilatura {trafilatura.__version__}": trafilatura_as_it_comes,
    "BeautifulSoup, whole text": whole_text,
}


def _compare(title: str, pages: list[Sample]) -> None:
    print(f"\n{title} ({len(pages)} pages){'':24} precision  recall    F1   time a page")
    peer = 0.0
    # The peer is timed first: the others are told as ratios to it.
    for name in sorted(READERS, key=lambda name: not name.startswith("trafilatura")):
        READERS[name](pages[0].page)  # models and tables are loaded once, by whoever comes first
        began = time.process_time()
        outputs = [READERS[name](sample.page) for sample in pages]
        taken = (time.process_time() - began) / len(pages)
        peer = peer or taken
        found = figures(
            score(sample.reference, output, sample.language) for sample, output in zip(pages, outputs, strict=True)
        )
        print(
            f"  {name:44} {found.precision:.4f}   {found.recall:.4f}  {found.f1:.4f}  {1000 * taken:5.1f} ms ({taken / peer:.2f})"
        )


def _compare_passages(shared: Path) -> None:
    cases = list(passages(shared))
    print(f"\nsegments ({len(cases)} pages){'':28} wanted found   unwanted found")
    for name, reader in READERS.items():
        texts = [reader(page) for page, _, _ in cases]
        wanted = [passage in text for text, (_, must, _) in zip(texts, cases, strict=True) for passage in must]
        unwanted = [
            passage in text for text, (_, _, must_not) in zip(texts, cases, strict=True) for passage in must_not
        ]
        print(f"  {name:44} {sum(wanted):3} of {len(wanted)}     {sum(unwanted):3} of {len(unwanted)}")


def titles_and_days(shared: Path) -> tuple[float, float]:
    """The share of titles, and of days of publication, read as they were written down."""
    titles: list[bool] = []
    days: list[bool] = []
    for page, title, day in described_titles_and_days(shared):
        try:
            article = read([page], now=NOW)
        except NotAnArticle:
            continue
        if title:
            titles.append(_same(article.title, title))
        if day:
            published = article.published
            days.append(published is not None and day in {f"{published.at:%Y-%m-%d}", f"{published.local:%Y-%m-%d}"})
    return sum(titles) / len(titles), sum(days) / len(days)


def _same(ours: str, theirs: str) -> bool:
    return re.sub(r"[\W_]", "", ours).casefold() == re.sub(r"[\W_]", "", theirs).casefold()


def main() -> None:
    """Print the table."""
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL + 1)
    folder = os.environ.get("ENTENTE_SHARED", "")
    if not folder:
        print("ENTENTE_SHARED names no folder of real input: measuring on the pages we wrote ourselves, which are few.")
        _compare("own pages", list(own_samples()))
        return
    for name in FOLDERS:
        _compare(name, list(samples(Path(folder), name)))
    _compare_passages(Path(folder))
    titles, days = titles_and_days(Path(folder))
    print(f"\ntitles as written down: {titles:.1%}; days of publication: {days:.1%}")


if __name__ == "__main__":
    main()
