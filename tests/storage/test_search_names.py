"""Names across scripts: asked for in one, found in all; and when they are not."""

from collections.abc import Callable
from pathlib import Path

import pytest

from service.glossary import read_glossary
from storage.search.index import SearchIndex
from storage.search.naming import Glossary, Name, meant
from storage.search.query import parse_query
from storage.search.snippets import marks
from tests.fakes.articles import NOW, KeptInMemory, kept

TEXTS = {
    "en": "Shoigu flew to Vladivostok for Joint Sea-2025. The SCO and the PLA sent observers; Dong Jun did not.",
    "ru": "Шойгу прилетел во Владивосток на «Морское взаимодействие — 2025». ШОС и НОАК направили наблюдателей. Дун Цзюня не было.",
    "zh": "绍伊古抵达海参崴，观摩“海上联合-2025”。上合组织和解放军派出观察员，董军未出席。",
    "tw": "紹伊古抵達海參崴，觀摩「海上聯合—2025」。上合組織和解放軍派出觀察員，董軍未出席。",
    "belousov": "Белоусову доложили. С Белоусовым говорил Герасимов.",
    "sea": "The joint effort went to sea.",
    "asean": "中国与东盟深化海上合作",
}
EVERYWHERE = ["en", "ru", "tw", "zh"]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    folder = tmp_path_factory.mktemp("names")
    made = SearchIndex(folder, KeptInMemory(*(kept(id, text) for id, text in TEXTS.items())), names=read_glossary)
    made.catch_up()
    return made


@pytest.fixture
def find(index: SearchIndex) -> Callable[[str], list[str]]:
    return lambda query: sorted(hit.id for hit in index.search(parse_query(query), limit=100, now=NOW).hits)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param("Shoigu", EVERYWHERE, id="a person"),
        pytest.param("Шойгу", EVERYWHERE, id="in Russian"),
        pytest.param("绍伊古", EVERYWHERE, id="in Chinese"),
        pytest.param("紹伊古", EVERYWHERE, id="in traditional script"),
        pytest.param("Sergei Shoigu", EVERYWHERE, id="by first and last name"),
        pytest.param("dong jun", EVERYWHERE, id="two words without capitals"),
        pytest.param("Дун Цзюнь", EVERYWHERE, id="two words of Russian"),
        pytest.param("Дун Цзюнем", EVERYWHERE, id="declined"),
        pytest.param("董军", EVERYWHERE, id="two characters"),
        pytest.param("Belousov", ["belousov"], id="a surname in whichever case"),
        pytest.param("别洛乌索夫", ["belousov"], id="and from Chinese"),
        pytest.param("НОАК", EVERYWHERE, id="a force"),
        pytest.param("People's Liberation Army", EVERYWHERE, id="by its full name"),
        pytest.param("ШОС", EVERYWHERE, id="an organisation"),
        pytest.param("上合", EVERYWHERE, id="by its short name, which is no part of 海上合作"),
        pytest.param("上合组织", EVERYWHERE, id="by its usual one"),
        pytest.param("Vladivostok", EVERYWHERE, id="a place"),
        pytest.param("符拉迪沃斯托克", EVERYWHERE, id="by its other Chinese name"),
        pytest.param("Joint Sea-2025", EVERYWHERE, id="an exercise and its year"),
        pytest.param("Joint Sea 2025", EVERYWHERE, id="the year as a word of its own"),
        pytest.param("海上联合-2025", EVERYWHERE, id="the same in Chinese"),
        pytest.param("Морское взаимодействие 2025", EVERYWHERE, id="and in Russian"),
        pytest.param("Joint Sea 2024", [], id="of another year"),
        pytest.param(
            "Joint Sea", [*EVERYWHERE[:2], "sea", *EVERYWHERE[2:]], id="words that are a name are words as well"
        ),
        pytest.param("Shoigu observers", ["en"], id="other words stay what they are"),
        pytest.param("Shoigu наблюдатель", ["ru"], id="in any language"),
        pytest.param("title:Shoigu", [], id="a name in the title alone"),
        pytest.param("-Shoigu", ["asean", "belousov", "sea"], id="and excluded in every script"),
        pytest.param("Shoigu OR 东盟", ["asean", *EVERYWHERE], id="a name beside OR"),
        pytest.param("(Dong Jun) Vladivostok", EVERYWHERE, id="names in brackets"),
        pytest.param('"Shoigu"', ["en"], id="quoted: letter by letter"),
        pytest.param("Shoigu exact:yes", ["en"], id="exact: the same of all words"),
        pytest.param("上合 exact:yes", ["asean", "tw", "zh"], id="exact: characters wherever they stand"),
        pytest.param("observer exact:yes", [], id="exact: no other form of the word"),
        pytest.param("exact:yes (ОБСЕРВЕРЫ OR OBSERVERS)", ["en"], id="exact: any letter case"),
        pytest.param("exact:no Shoigu", EVERYWHERE, id="exact:no is what one gets anyway"),
    ],
)
def test_names_are_found_in_every_script(find: Callable[[str], list[str]], query: str, found: list[str]) -> None:
    assert find(query) == sorted(found)


def test_a_title_is_searched_for_names_too(tmp_path: Path) -> None:
    index = SearchIndex(
        tmp_path, KeptInMemory(kept("a", title="绍伊古访华"), kept("b", "绍伊古访华")), names=read_glossary
    )
    index.catch_up()
    assert [hit.id for hit in index.search(parse_query("title:Shoigu"), now=NOW).hits] == ["a"]


def test_who_types_a_script_reads_it_first(index: SearchIndex) -> None:
    first = {query: index.search(parse_query(query), now=NOW).hits[0].id for query in ("Shoigu", "Шойгу", "绍伊古")}
    assert (first["Shoigu"], first["Шойгу"]) == ("en", "ru")
    assert first["绍伊古"] in ("zh", "tw")


def test_a_hit_is_marked_as_the_text_writes_it(index: SearchIndex) -> None:
    asked = index.search(parse_query("Dong Jun Joint Sea 2025"), now=NOW).meant
    marked = {id: [text[a:b] for a, b in marks(text, asked, in_title=False)] for id, text in TEXTS.items()}
    assert "Дун Цзюня" in marked["ru"]
    assert "董軍" in marked["tw"]
    assert any("海上聯合" in piece for piece in marked["tw"])


def test_what_is_searched_is_written_down_as_it_was_typed() -> None:
    for text in (
        "Shoigu -上合 title:Шойгу",
        "(Dong Jun OR PLA) Joint Sea-2025",
        "Shoigu exact:yes",
        "(a OR b) exact:yes",
    ):
        query = parse_query(text)
        assert query.exact or str(meant(query, read_glossary())) == text
        assert parse_query(str(query)) == query


def test_an_everyday_word_is_a_name_only_with_its_year() -> None:
    names = Glossary((Name("exercise", (), dated=("Vostok", "Восток", "东方"), years=frozenset({"2018", "2022"})),))
    assert meant(parse_query("Vostok 2018"), names) != parse_query("Vostok 2018")
    for plain in ("Vostok", "Восток", "Vostok 2019", "东方"):
        assert meant(parse_query(plain), names) == parse_query(plain)


def test_names_in_a_text_are_told_apart_from_their_letters() -> None:
    found = [name.title for name in read_glossary().named_in("Белоусов и НОАК: учения «Морское взаимодействие»，董军")]
    assert {"Andrei Belousov", "PLA", "Joint Sea", "Dong Jun"} <= set(found)
    assert read_glossary().named_in("A quiet day in the harbour.") == []


# ------------------------------------------------------------------ where they come from


def test_the_operator_s_own_people_and_exercises_are_names(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(
        """
people:
  harbour_masters:
    okafor:
      en: [Ada Okafor]
      ru: [{lemma: Ада Окафор, stem: "Ад* Окафор*"}]
      zh: [奥卡福]
exercises:
  tide:
    name: Tide Table
    en: [Tide Table, Tide-2031]
    zh: [潮汐表]
    editions: {2031: {}}
""",
        encoding="utf-8",
    )
    names = read_glossary(extra=tmp_path)
    index = SearchIndex(tmp_path / "index", KeptInMemory(kept("a", "奥卡福观摩潮汐表")), names=lambda: names)
    index.catch_up()
    for query in ("Ada Okafor", "Ады Окафор", "Tide Table"):
        assert index.search(parse_query(query), now=NOW).total == 1, query


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("people: [", id="broken YAML"),
        pytest.param("- a list", id="no table"),
        pytest.param("people: 7\nexercises: nothing", id="sections that are none"),
        pytest.param("people: {a: {b: {en: 5, ru: [{}], zh: [null]}}}", id="forms that are none"),
    ],
)
def test_a_file_that_cannot_be_read_costs_its_own_names_only(tmp_path: Path, text: str) -> None:
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    assert len(read_glossary(extra=tmp_path).names) >= len(read_glossary().names)
    assert len(read_glossary(extra=tmp_path / "nowhere").names) == len(read_glossary().names)


def test_every_name_of_ours_is_written_in_more_than_one_way_and_found_by_each() -> None:
    names = read_glossary()
    assert len(names.names) > 300
    lonely = [name.title for name in names.names if len(name.forms) + len(name.dated) < 2]
    unfound = [form for name in names.names for form in name.forms if name not in names.named_in(form.strip('*"'))]
    assert (lonely, unfound) == ([], [])
