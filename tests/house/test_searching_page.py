"""docs/searching.md tells the truth: every query on it is understood, finds what it says, or is refused in those words."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.glossary import read_glossary
from storage.search.index import SearchIndex
from storage.search.query import FIELDS, QueryError, parse_query
from tests.fakes.articles import NOW, KeptInMemory, kept

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "searching.md").read_text(encoding="utf-8")


def rows(heading: str) -> Iterator[list[str]]:
    """The cells of each line of the tables under a heading with these columns."""
    for table in re.findall(rf"^\| {re.escape(heading)} \|\n\|[-|]+\|\n((?:\|.*\|\n)+)", PAGE, flags=re.MULTILINE):
        yield from (re.split(r" *\| *", line.strip("| \n")) for line in table.splitlines())


FINDS = [(query.strip("`"), text, other) for query, text, other in rows("you write | finds | but not")]
ASKED = [query for cells in rows("you write | you get") for query in re.findall(r"`([^`]+)`", cells[0])]
REFUSED = [(query.strip("`"), said) for query, said in rows("you write | you read")]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    texts = {text for _, *both in FINDS for text in both if text}
    made = SearchIndex(
        tmp_path_factory.mktemp("page"), KeptInMemory(*(kept(text, text) for text in texts)), names=read_glossary
    )
    made.catch_up()
    return made


@pytest.mark.parametrize(("query", "text", "other"), FINDS, ids=[query for query, _, _ in FINDS])
def test_a_query_finds_what_the_page_says(index: SearchIndex, query: str, text: str, other: str) -> None:
    found = {hit.id for hit in index.search(parse_query(query), limit=100, now=NOW).hits}
    assert (not text or text in found, other in found) == (True, False)


def test_every_field_is_on_the_page_and_understood() -> None:
    assert len(FINDS) > 20
    for query in ASKED:
        parse_query(query)
    assert {field for field in FIELDS if not re.search(rf"`-?{field}:", PAGE)} == set()


@pytest.mark.parametrize(("query", "said"), REFUSED, ids=[query for query, _ in REFUSED])
def test_what_is_refused_is_refused_in_these_words(query: str, said: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse_query(query)
    assert str(caught.value).startswith(said)
