"""Of words that very many articles hold the best are found in a quicker way: it must find what the plain way finds."""

import random
from datetime import timedelta
from pathlib import Path

import pytest

from storage.search import asking
from storage.search.index import SearchIndex, Sort
from storage.search.query import parse_query
from tests.fakes.articles import NOW, KeptInMemory, kept

ARTICLES = 1_500
WORDS = ("patrol", "patrol", "patrol", "drill", "drill", "visit", "talks", "summit", "海上联合", "учения")
OUTLETS = ("tass-en", "tass-en", "xinhua-en", "mnd-cn")


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    chance = random.Random(3)
    articles = [
        kept(
            f"{number:05}",
            " ".join(chance.choices(WORDS, k=chance.randint(3, 40))),
            title=chance.choice(WORDS),
            outlet=chance.choice(OUTLETS),
            published=NOW - timedelta(hours=chance.randrange(30_000)),
        )
        for number in range(ARTICLES)
    ]
    made = SearchIndex(tmp_path_factory.mktemp("sifted"), KeptInMemory(*articles))
    made.catch_up()
    return made


@pytest.mark.parametrize("sort", ["relevance", "date"])
@pytest.mark.parametrize(
    "query",
    [
        pytest.param("patrol", id="a common word"),
        pytest.param("patrol outlet:tass-en", id="with what half of all have"),
        pytest.param("patrol -summit", id="without a word"),
        pytest.param(
            "(patrol OR drill OR visit) after:2024-01-01 -outlet:mnd-cn", id="any of some words, of some time"
        ),
        pytest.param("patrol drill outlet:tass", id="two words"),
        pytest.param("patrol outlet:nobody", id="with what nobody has"),
        pytest.param('"patrol drill" outlet:tass', id="a phrase"),
        pytest.param("联合 -drill", id="a Chinese word"),
        pytest.param("patr* outlet:mnd-cn", id="a beginning"),
        pytest.param("title:patrol outlet:tass-en", id="a word of the title"),
        pytest.param("outlet:tass-en", id="nothing to rank by"),
    ],
)
def test_what_is_sifted_is_what_is_found(
    index: SearchIndex, query: str, sort: Sort, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = parse_query(query)

    def pages(many: int) -> list[tuple[int, list[str]]]:
        monkeypatch.setattr(asking, "MANY", many)
        answers = [
            index.search(asked, limit=limit, offset=offset, sort=sort, now=NOW, counts=counts)
            for limit, offset in ((20, 0), (20, 20), (300, 0), (5, 10_000), (0, 0), (5_000, 0))
            for counts in (True, False)
        ]
        return [(answer.total, [hit.id for hit in answer.hits]) for answer in answers]

    plain = pages(ARTICLES)
    assert pages(1) == plain
    # Every way of asking for them tells the same total, and all there are is all that is counted.
    assert {total for total, _ in plain} == {len(plain[-1][1])}


def test_a_page_kept_for_a_reader_is_sifted_no_further(tmp_path: Path) -> None:
    """Paging by an earlier state gives the earlier total, in either order."""
    articles = KeptInMemory(*(kept(f"{number:03}", "patrol") for number in range(30)))
    growing = SearchIndex(tmp_path, articles)
    growing.catch_up()
    first = growing.search(parse_query("patrol"), now=NOW, counts=False)
    articles.keep(kept("new", "patrol patrol"))
    growing.catch_up()
    later = growing.search(parse_query("patrol"), now=NOW, counts=False, as_of=first.as_of, offset=20)
    assert (first.total, later.total, len(later.hits)) == (30, 30, 10)
    assert "new" not in {hit.id for hit in later.hits}
