"""What an article said before is found like what it says now, and told apart; edits and vanished pages are filters."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from storage.records import Kept, Revision
from storage.search.former import answering, former_passages, former_titles
from storage.search.index import SearchIndex
from storage.search.query import parse_query
from tests.fakes.articles import NOW, KeptInMemory, kept

Find = Callable[[str], list[str]]


def revised(id: str, *texts: str, titles: tuple[str, ...] = (), language: str = "en", matters: int = 1) -> Kept:
    """An article that had these texts, one after the other; the last is its present one."""
    titles = titles or ("",) * len(texts)
    earlier = tuple(
        Revision(number=number + 1, title=title, text=text, text_hash="", captured=NOW - timedelta(days=9 - number))
        for number, (title, text) in enumerate(zip(titles[:-1], texts[:-1], strict=True))
    )
    now = kept(id, texts[-1], title=titles[-1], language=language)
    return replace(now, revision=len(texts), edits=len(texts) - 1, matters=matters, earlier=earlier)


EN = revised(
    "en",
    "The fleets met. Eight warships left the bay. Tea was served.",
    "The fleets met. Nine warships left the bay. Tea was served.",
    "The fleets met. Ten warships left the bay. Tea was served.",
    titles=("Eight warships sail", "Eight warships sail", "Ten warships sail"),
    matters=3,
)
RU = revised("ru", "Начались учения. Прибыл Шойгу.", "Начались учения. Прибыл Белоусов.", language="ru")
ZH = revised("zh", "两国海军举行军演。国防部长董军出席。", "两国海军举行军演。国防部长出席。", language="zh")
SAME = kept("same", "The fleets met. Ten warships left the bay. Eight gulls cried.")
GONE = replace(kept("gone", "A page that vanished."), gone_since=NOW)


@pytest.fixture(scope="module")
def find(tmp_path_factory: pytest.TempPathFactory) -> Find:
    index = SearchIndex(tmp_path_factory.mktemp("revisions"), KeptInMemory(EN, RU, ZH, SAME, GONE))
    index.catch_up()

    def ids(query: str) -> list[str]:
        results = index.search(parse_query(query), limit=99, now=NOW)
        assert results.total == len(results.hits), "each article is one hit, however many texts it had"
        return sorted(hit.id for hit in results.hits)

    return ids


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param("nine", ["en"], id="a word of the second of three texts"),
        pytest.param("ten warships", ["en", "same"], id="words of the present text"),
        pytest.param('"eight warships left the bay"', ["en"], id="a phrase of an earlier text"),
        pytest.param('"left the bay tea was"', ["en"], id="a phrase across sentences of an earlier text"),
        pytest.param('"ten warships sail eight"', [], id="no phrase reaches from one text into another"),
        pytest.param("title:eight", ["en"], id="a word of an earlier title"),
        pytest.param("Шойгу", ["ru"], id="a Russian name that was taken out"),
        pytest.param("董军", ["zh"], id="a Chinese name that was taken out"),
        pytest.param("国防部长董军出席", ["zh"], id="and the sentence it stood in"),
        pytest.param("eight -gulls", ["en"], id="with a word left out"),
        pytest.param("changed:yes", ["en", "ru", "zh"], id="what was edited"),
        pytest.param("changed:no", ["gone", "same"], id="what was not"),
        pytest.param("changed:material", ["en"], id="what was edited in what matters"),
        pytest.param("gone:yes", ["gone"], id="what vanished"),
        pytest.param("gone:no changed:yes lang:ru", ["ru"], id="together with other fields"),
        pytest.param("-changed:yes -gone:yes", ["same"], id="left out"),
        pytest.param("changed:true", ["en", "ru", "zh"], id="as machines say yes"),
    ],
)
def test_what_is_found(find: Find, query: str, found: list[str]) -> None:
    assert find(query) == found


@pytest.mark.parametrize(
    ("article", "query", "number"),
    [
        pytest.param(EN, "ten", None, id="the present text answers"),
        pytest.param(EN, '"eight warships left"', 1, id="only the first does"),
        pytest.param(EN, "nine warships", 2, id="only the second does"),
        pytest.param(EN, "nine OR ten", None, id="either would do, and the present one has one of them"),
        pytest.param(EN, "title:eight", 2, id="the last of two that bore the title"),
        pytest.param(EN, "eight ten", 2, id="no text alone does: the last that has what the present one lacks"),
        pytest.param(EN, "ten -tea", None, id="what is left out tells nothing"),
        pytest.param(EN, "lang:en changed:yes", None, id="nothing a text could answer"),
        pytest.param(ZH, "董军", 1, id="Han inside a sentence"),
        pytest.param(SAME, "eight", None, id="never revised"),
    ],
)
def test_which_text_answers(article: Kept, query: str, number: int | None) -> None:
    found = answering(article, parse_query(query))
    assert (found.number if found else None) == number


def test_only_what_was_lost_is_kept_besides() -> None:
    assert former_titles(EN) == ["Eight warships sail"]
    assert [passage.strip() for passage in former_passages(EN)] == [
        "The fleets met. Nine warships left the bay. Tea was served.",
        "The fleets met. Eight warships left the bay. Tea was served.",
    ]
    assert list(former_passages(SAME)) == []
    moved = revised("moved", "One came. Two left.", "Two left.\nOne came.")
    assert list(former_passages(moved)) == []


def test_sentences_far_apart_are_kept_apart() -> None:
    before = " ".join(f"Line {number}." for number in range(9))
    article = revised("far", before, before.replace("Line 1.", "x.").replace("Line 7.", "y."))
    assert [passage.strip() for passage in former_passages(article)] == [
        "Line 0. Line 1. Line 2.",
        "Line 6. Line 7. Line 8.",
    ]
