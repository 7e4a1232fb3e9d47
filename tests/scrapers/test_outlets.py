"""Outlet files: what ships, what an operator may write, and what a fault is answered with."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from scrapers.outlets import loading
from scrapers.outlets.complaints import OutletFileError
from scrapers.outlets.loading import read_outlets
from scrapers.parsing.addresses import canonical_id, is_article
from storage.records import EntryPoint, Layout, Outlet, PointKind

SHIPPED_FOLDER = Path(loading.__file__).parent
SHIPPED = {outlet.key: outlet for outlet in read_outlets()}
EXAMPLES = [
    pytest.param(raw["id"], url, id=f"{raw['id']} {number}")
    for raw in (yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(SHIPPED_FOLDER.glob("*.yaml")))
    for number, url in enumerate(raw.get("article_examples", ()))
]

Read = Callable[..., dict[str, Outlet]]

PLAIN = """
id: harbour
name: The Harbour
hosts: [harbour.example]
"""


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Writes files into the operator's folder and reads everything."""

    def write_and_read(*texts: str, **files: str) -> dict[str, Outlet]:
        for name, text in [*((f"own{number}", text) for number, text in enumerate(texts)), *files.items()]:
            (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
        return {outlet.key: outlet for outlet in read_outlets(extra=tmp_path)}

    return write_and_read


def faults(read: Read, text: str) -> list[str]:
    with pytest.raises(OutletFileError) as caught:
        read(text)
    return [str(one) for one in caught.value.complaints]


# ------------------------------------------------------------------ what ships


@pytest.mark.parametrize(
    ("countries", "least"),
    [
        pytest.param({"CN"}, 8, id="China"),
        pytest.param({"RU"}, 8, id="Russia"),
        pytest.param({"KZ", "KG", "TJ", "UZ"}, 5, id="Central Asia"),
        pytest.param({"IN", "PK"}, 3, id="South Asia"),
        pytest.param({"US", "KR", "JP", "HK"}, 5, id="observers"),
    ],
)
def test_every_region_has_outlets_we_visit(countries: set[str], least: int) -> None:
    visited = [one.key for one in SHIPPED.values() if one.enabled and one.entry_points and one.country in countries]
    assert len(visited) >= least


def test_each_file_is_named_after_its_outlet() -> None:
    assert {path.stem for path in SHIPPED_FOLDER.glob("*.yaml")} == set(SHIPPED)


@pytest.mark.parametrize(("key", "url"), EXAMPLES)
def test_a_shipped_outlet_knows_its_real_addresses(key: str, url: str) -> None:
    outlet = SHIPPED[key]
    assert is_article(outlet, url)
    assert canonical_id(outlet, url)
    if outlet.canonical_id:
        assert canonical_id(outlet, url) == canonical_id(outlet, url.replace("http:", "https:") + "?utm_source=feed")


@pytest.mark.parametrize(
    ("key", "seconds"),
    [
        pytest.param("krasnaya-zvezda", 60, id="Krasnaya Zvezda asks for a minute"),
        pytest.param("people-cn-military-zh", 120, id="People's Daily asks for two"),
        pytest.param("kremlin", 15, id="the Kremlin refuses quick visitors"),
        pytest.param("russia-mfa", 10, id="the Russian foreign ministry wants ten seconds"),
        pytest.param("xinhua-en", 5, id="Xinhua wants five"),
    ],
)
def test_what_an_outlet_asked_for_is_promised(key: str, seconds: int) -> None:
    assert SHIPPED[key].delay >= timedelta(seconds=seconds)


@pytest.mark.parametrize("key", ["tass-ru", "irna-en", "scmp", "japan-mod", "krasnaya-zvezda", "russia-mod"])
def test_outlets_whose_pages_refuse_us_are_read_from_their_feed(key: str) -> None:
    assert SHIPPED[key].read_from_feed


def test_languages_of_one_event_are_articles_of_their_own() -> None:
    addresses = [f"http://{host}/events/president/news/12345" for host in ("kremlin.ru", "en.kremlin.ru")]
    assert len({canonical_id(SHIPPED["kremlin"], url) for url in addresses}) == 2


def test_a_reprint_names_its_origin() -> None:
    url = "https://www.globalsecurity.org/wmd/library/news/china/2026/07/china-260729-globaltimes05.htm"
    found = re.search(SHIPPED["globalsecurity"].reprint_url_pattern, url)
    assert found
    assert found["origin"] == "globaltimes"


# ------------------------------------------------------------------ the whole catalogue, and our own small one


def test_the_whole_catalogue_may_be_dropped_into_the_folder(shared: Path) -> None:
    file = shared / "outlets" / "catalogue.yaml"
    raw = {one["id"]: one for one in yaml.safe_load(file.read_text(encoding="utf-8"))["outlets"]}
    outlets = {outlet.key: outlet for outlet in read_outlets(extra=file)}
    assert len(raw) == 60
    assert set(raw) <= set(outlets)
    for key, one in raw.items():
        alive = {feed["url"] for feed in one.get("feeds", ()) if feed["status"] != "dead"}
        lists = {row["url"] for row in one.get("listings", ())} | set(one.get("sitemaps", ()))
        assert alive | lists <= {point.url for point in outlets[key].entry_points}
        for url in one.get("article_examples", ()):
            assert is_article(outlets[key], url)
            assert canonical_id(outlets[key], url)
        if {"title", "body", "body_old", "published"} & set(one.get("article", ())):
            assert outlets[key].layouts


CATALOGUE = """
schema: 1
vocabulary: {access: {open: anybody may read it}}
outlets:
- id: harbour
  name: The Harbour
  country: NO
  languages: [zh-Hans, en]
  kind: independent
  homepage: https://harbour.example/
  hosts: [harbour.example]
  timezone: Europe/Oslo
  encoding: gbk on the old pages (meta says GB2312)
  access: open
  feeds:
  - {url: "https://harbour.example/all.xml", format: rss, section: all, status: live, checked: "2026-10"}
  article_url_pattern: '^https?://harbour\\.example/\\d+'
  canonical_id: '/(\\d+)'
  article_examples: ["https://harbour.example/77?from=feed"]
  search: {url: "https://harbour.example/search"}
  evidence: [a page]
  confidence: high
  checked_offline: {selectors: [title]}
- id: 24hours
  name: Twenty-four hours
  hosts: [24hours.example]
reserve:
- {name: Another, feed: "https://another.example/feed"}
"""


def test_a_catalogue_of_our_own_loads_like_the_big_one(read: Read) -> None:
    outlets = read(CATALOGUE)
    harbour = outlets["harbour"]
    assert (harbour.country, harbour.languages, harbour.encoding) == ("NO", ("zh", "en"), "gbk")
    assert [point.url for point in harbour.entry_points] == ["https://harbour.example/all.xml"]
    assert is_article(harbour, "https://harbour.example/77?from=feed")
    assert canonical_id(harbour, "https://harbour.example/77?from=feed") == "77"
    assert outlets["24hours"].name == "Twenty-four hours"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("{id: one, name: One, hosts: [one.example]}", id="one mapping"),
        pytest.param("- {id: one, name: One, hosts: [one.example]}\n", id="a list"),
        pytest.param("outlets:\n- {id: one, name: One, hosts: [one.example]}\n", id="a list under outlets"),
        pytest.param("---\n---\n{id: one, name: One, hosts: [one.example]}\n", id="documents, an empty one among them"),
        pytest.param("\ufeff{id: one, name: One, hosts: [one.example]}", id="a byte order mark before it"),
    ],
)
def test_a_file_holds_outlets_in_any_of_these_shapes(read: Read, text: str) -> None:
    assert read(text)["one"].hosts == ("one.example",)


def test_without_a_folder_there_is_what_ships(tmp_path: Path) -> None:
    assert read_outlets(extra=tmp_path) == read_outlets()


# ------------------------------------------------------------------ adding, replacing, adjusting


def test_an_entry_without_hosts_adjusts_the_shipped_outlet(read: Read) -> None:
    outlets = read("id: yonhap-en\nenabled: false\npatience_minutes: 120\n")
    before, after = SHIPPED["yonhap-en"], outlets["yonhap-en"]
    assert (after.enabled, after.patience) == (False, timedelta(hours=2))
    assert (after.entry_points, after.layouts, after.hosts) == (before.entry_points, before.layouts, before.hosts)


def test_an_entry_with_hosts_takes_the_place_of_the_shipped_outlet(read: Read) -> None:
    replaced = read("{id: global-times, name: Mine, hosts: ['127.0.0.1:8099'], feeds: ['http://127.0.0.1:8099/rss']}")
    outlet = replaced["global-times"]
    assert [point.url for point in outlet.entry_points] == ["http://127.0.0.1:8099/rss"]
    assert outlet.layouts == ()
    assert len(replaced) == len(SHIPPED)


def test_a_replaced_outlet_keeps_what_was_promised_to_its_hosts(read: Read) -> None:
    mine = read("{id: krasnaya-zvezda, name: Mine, hosts: [redstar.ru], feeds: ['http://redstar.ru/feed']}")
    assert mine["krasnaya-zvezda"].delay == timedelta(seconds=60)
    elsewhere = read("{id: krasnaya-zvezda, name: Mine, hosts: [mirror.example]}")
    assert elsewhere["krasnaya-zvezda"].delay == timedelta(seconds=5)


@pytest.mark.parametrize(
    ("hosts", "seconds"),
    [
        pytest.param("[one.example]", 5, id="an outlet rests us"),
        pytest.param("['127.0.0.1:8080', 'localhost']", 0, id="this machine needs no rest"),
        pytest.param("['127.0.0.1:8080', one.example]", 5, id="one host elsewhere is enough"),
        pytest.param("[127.example]", 5, id="a name that begins like an address is no address"),
    ],
)
def test_the_usual_delay(read: Read, hosts: str, seconds: int) -> None:
    assert read(f"{{id: one, name: One, hosts: {hosts}}}")["one"].delay == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("given", "from_feed"),
    [
        pytest.param("access: blocked\nfeeds: ['https://harbour.example/rss']", True, id="blocked pages and a feed"),
        pytest.param("access: blocked", False, id="blocked pages and no feed to read instead"),
        pytest.param("feeds: ['https://harbour.example/rss']", False, id="open pages"),
        pytest.param("read_from_feed: yes", True, id="as the operator says"),
    ],
)
def test_when_the_feed_stands_for_the_pages(read: Read, given: str, from_feed: bool) -> None:
    assert read(PLAIN + given)["harbour"].read_from_feed is from_feed


# ------------------------------------------------------------------ ways in


def test_the_most_promising_way_in_comes_first_and_dead_ones_not_at_all(read: Read) -> None:
    ways = """
sitemaps: ['https://harbour.example/sitemap.xml']
listings: ['https://harbour.example/news/']
listing_json: {example: 'https://harbour.example/news.json', items_key: items, item_fields: [headline, link, pubDate]}
feeds:
- {url: 'https://harbour.example/stale', status: stale}
- {url: 'https://harbour.example/blocked', status: blocked}
- {url: 'https://harbour.example/dead', status: dead}
- 'https://harbour.example/unverified'
- {url: 'https://harbour.example/maintained', status: maintained}
- {url: 'https://harbour.example/live', status: live}
"""
    names = [point.url.rsplit("example/", 1)[1] for point in read(PLAIN + ways)["harbour"].entry_points]
    order = ["live", "maintained", "unverified", "news.json", "news/", "sitemap.xml", "stale", "blocked"]
    assert names == order


def test_a_listing_keeps_its_selectors(read: Read) -> None:
    listing = r"""
listings:
- url: https://harbour.example/news/
  section: news
  item_link_pattern: '/\d+$'
  item: '#list .row'
  item_link: '.t > a'
  item_title: '.t'
  item_time: time
  item_time_pattern: '\|\s*(.*)'
  item_time_format: '%d.%m.%Y'
  item_text: '.text'
  next_page: '.next'
"""
    assert read(PLAIN + listing)["harbour"].entry_points == (
        EntryPoint(
            url="https://harbour.example/news/",
            kind=PointKind.LISTING,
            section="news",
            item_link_pattern=r"/\d+$",
            item="#list .row",
            item_link=".t > a",
            item_title=".t",
            item_time="time",
            item_time_pattern=r"\|\s*(.*)",
            item_time_format="%d.%m.%Y",
            item_text=".text",
        ),
    )


@pytest.mark.parametrize(
    "described",
    [
        pytest.param("example: 'https://harbour.example/l/ds_0a1b.json'", id="the address told by an example"),
        pytest.param(
            "{page: 'https://harbour.example/l/new.htm', data_url: 'https://harbour.example/l/ds_{id}.json'}",
            id="by name",
        ),
    ],
)
def test_the_json_behind_a_listing_is_found_by_the_id_in_its_page(read: Read, described: str) -> None:
    own = described.strip("{}") if described.startswith("{") else described
    text = f"""
listings: ['https://harbour.example/front/', 'https://harbour.example/l/new.htm']
listing_json: {{{own}, id_pattern: 'datasource:([0-9a-f]+)', items_key: datasource, how: by hand,
  item_fields: {{title: name, url: publishUrl}}}}
"""
    point = read(PLAIN + text)["harbour"].entry_points[0]
    assert point.kind is PointKind.LISTING_JSON
    assert (point.url, point.data_url) == (
        "https://harbour.example/l/new.htm",
        "https://harbour.example/l/ds_{id}.json",
    )
    assert point.items_key == "datasource"
    assert dict(point.item_fields) == {"title": "name", "url": "publishUrl"}


def test_a_json_list_of_posts_is_a_way_in_of_its_own_kind(read: Read) -> None:
    text = """
feeds: [{url: 'https://harbour.example/posts', format: json}, {url: 'https://harbour.example/rss', format: rss}]
article_json: {title: title, body: content, lead: excerpt, published: date, link: link, id: id}
"""
    posts, rss = read(PLAIN + text)["harbour"].entry_points
    assert (posts.kind, rss.kind) == (PointKind.LISTING_JSON, PointKind.FEED)
    wanted = {"title": "title", "text": "content", "summary": "excerpt", "published": "date", "url": "link"}
    assert dict(posts.item_fields) == wanted
    assert dict(rss.item_fields) == {}


# ------------------------------------------------------------------ layouts

ARTICLE = r"""
timezone: Asia/Shanghai
article:
  since: 2026-03-01
  title: 'div.head > h1'
  title_fallback: 'h1, title'
  title_old: '.h-title'
  body: '#detail p'
  body_fallback: '.content p'
  body_old: '#p-detail p'
  body_exclude: '.related'
  body_stop: '.end'
  byline: '.editor'
  byline_pattern: '：(.*)'
  lead: '.lead'
  source_meta: 'meta[name=source]'
  published: '.time'
  published_meta: 'article:published_time'
  published_fallback: 'meta[name=publishdate]'
  published_format: '%Y-%m-%d %H:%M'
  published_alt_format: 'ISO 8601 with offset'
  published_text_format: '%Y年%m月%d日%H:%M'
  published_old: '.h-time'
  published_old_format: '%Y-%m-%d'
  published_jsonld: datePublished
  tails: [责任编辑]
  title_suffix: '-Harbour'
  next_page_pattern: '_(\d+)\.html'
"""


def test_an_article_has_a_layout_for_each_generation_of_pages(read: Read) -> None:
    outlet = read(PLAIN + ARTICLE)["harbour"]
    metas = tuple(f'meta[{name}="article:published_time"]' for name in ("name", "property", "itemprop"))
    now = Layout(
        since=datetime(2026, 3, 1, tzinfo=ZoneInfo("Asia/Shanghai")).astimezone(UTC),
        title=("div.head > h1", "h1, title"),
        body=("#detail p", ".content p"),
        lead=(".lead",),
        byline=(".editor",),
        byline_pattern="：(.*)",
        published=(*metas, ".time", "meta[name=publishdate]"),
        published_formats=("%Y-%m-%d %H:%M", "%Y年%m月%d日%H:%M"),
        exclude=(".related",),
        stop=".end",
        origin=("meta[name=source]",),
    )
    old = Layout(
        title=(".h-title",),
        body=("#p-detail p",),
        published=(".h-time",),
        published_formats=("%Y-%m-%d",),
        exclude=(".related",),
    )
    assert outlet.layouts == (now, old)
    assert (outlet.tails, outlet.title_suffix, outlet.next_page_pattern) == (("责任编辑",), "-Harbour", r"_(\d+)\.html")


def test_more_than_two_generations_are_listed_newest_first(read: Read) -> None:
    several = "article: [{since: 2026-01-01, body: '.c'}, {since: 2020-01-01, body: '.b', body_old: '.a'}]"
    assert [layout.body for layout in read(PLAIN + several)["harbour"].layouts] == [(".c",), (".b",), (".a",)]


# ------------------------------------------------------------------ faults


@pytest.mark.parametrize(
    ("given", "told"),
    [
        pytest.param("lisitngs: []", "lisitngs: unknown field: write 'listings'", id="a field misspelt"),
        pytest.param("article: {boddy: p}", "article.boddy: unknown field: write 'body'", id="one misspelt further in"),
        pytest.param(
            "feeds: [{url: 'https://x.example', setcion: a}]", "feeds[0].setcion: unknown", id="one misspelt in a row"
        ),
        pytest.param("feeds: [{section: all}]", "feeds[0].url: an entry point without", id="a feed without address"),
        pytest.param("feeds: ['ftp://x.example/']", "feeds[0].url: 'ftp://x.example/' is no web", id="not http"),
        pytest.param("sitemaps: ['https://']", "sitemaps[0].url: 'https://' is no web", id="an address without host"),
        pytest.param("homepage: harbour.example", "homepage: 'harbour.example' is no web", id="no scheme"),
        pytest.param(
            "feeds: [{url: 'https://x.example', status: lively}]", "status: 'lively' is not known", id="a status"
        ),
        pytest.param("access: closed", "access: 'closed' is not known here: use one of: open", id="an access"),
        pytest.param("timezone: Asia/Bejing", "timezone: 'Asia/Bejing' is no time zone", id="an unknown zone"),
        pytest.param("timezone: ../zone", "timezone: '../zone' is no time zone", id="a path for a zone"),
        pytest.param("country: China", "country: 'China' is no country code", id="a country's name"),
        pytest.param("languages: [Chinese]", "languages: 'Chinese' is no language tag", id="a language's name"),
        pytest.param("encoding: wide", "encoding: 'wide' names no encoding", id="no encoding"),
        pytest.param("article_url_pattern: '(\\d+'", "article_url_pattern: '(\\d+' is no regular", id="half a group"),
        pytest.param("not_articles: ['*']", "not_articles: '*' is no regular", id="half an expression in a list"),
        pytest.param("canonical_id: '\\d+'", "canonical_id: '\\d+' has no group to take the id from", id="no group"),
        pytest.param("article: {title: 'h1 >'}", "article.title: 'h1 >' is no CSS selector", id="half a selector"),
        pytest.param("article: {body_stop: '..x'}", "article.body_stop: '..x' is no CSS selector", id="no selector"),
        pytest.param("article: {published_format: day}", "published_format: 'day' is no time format", id="no format"),
        pytest.param(
            "article: {published_format: '%Q'}", "published_format: '%Q' is no time format", id="a bad format"
        ),
        pytest.param("article: {since: yesterday}", "article.since: 'yesterday' is not a day", id="no day"),
        pytest.param("article: {published_meta: 'a\"b'}", "published_meta: it holds a quote", id="a quote in a name"),
        pytest.param("article: [h1]", "article: 'h1' stands where a mapping should", id="text for a mapping"),
        pytest.param(
            "listing_json: []", "listing_json: a list stands where a mapping should", id="a list for a mapping"
        ),
        pytest.param(
            "listing_json: {page: 'https://x.example', id_pattern: '(x)', data_url: '/ds.json'}",
            "listing_json.data_url: '/ds.json' is no web address with {id}",
            id="nowhere to put the id",
        ),
        pytest.param(
            "page_url: 'https://x.example/'", "page_url: 'https://x.example/' is no web", id="a page_url alike"
        ),
        pytest.param("kind: igo\nkind: party", "kind: given twice: keep one", id="a field given twice"),
        pytest.param("kind: {a: b}", "kind: a mapping stands where text should", id="a mapping for text"),
        pytest.param("notes: [{a: b}]", "notes: something else stands among the texts", id="a mapping among texts"),
        pytest.param("enabled: maybe", "enabled: 'maybe' is neither true nor false", id="maybe"),
        pytest.param("delay_seconds: soon", "delay_seconds: 'soon' is not a usable number", id="no number"),
        pytest.param("delay_seconds: -1", "delay_seconds: '-1' is not a usable number", id="less than nothing"),
        pytest.param("patience_minutes: .inf", "patience_minutes: '.inf' is not a usable number", id="for ever"),
        pytest.param(
            "article_url_pattern: '/a/'\narticle_examples: ['https://harbour.example/b/1']",
            "article_examples: article_url_pattern does not accept https://harbour.example/b/1",
            id="an example its own pattern refuses",
        ),
        pytest.param(
            "canonical_id: '/a/(\\d)'\narticle_examples: ['https://harbour.example/b/1']",
            "article_examples: canonical_id finds nothing in https://harbour.example/b/1",
            id="an example without its key",
        ),
        pytest.param(
            "article_examples: [none]", "article_examples: 'none' is no web address", id="an example of nothing"
        ),
    ],
)
def test_a_fault_says_where_what_and_what_to_do(read: Read, given: str, told: str) -> None:
    (fault,) = faults(read, PLAIN + given)
    assert told in fault
    assert fault.startswith("own0.yaml, line ")
    assert ": harbour: " in fault


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("id: one\nname: One\n", "hosts: hosts are missing", id="no hosts, and nothing to adjust"),
        pytest.param("name: One\nhosts: [one.example]\n", "id: id is missing: give a short one", id="no id"),
        pytest.param("id: one\nhosts: [one.example]\n", "name: name is missing", id="no name"),
        pytest.param(
            "id: The One\nname: One\nhosts: [one.example]\n", "id: 'The One' is no key", id="a name for a key"
        ),
        pytest.param("id: one\nname: One\nhosts: ['https://one.example/']\n", "is no host", id="an address for a host"),
        pytest.param("id: one\n name: One\n", "line 2: not YAML", id="crooked indentation"),
        pytest.param("a: [1\nb: 2\n", "not YAML", id="half a list"),
        pytest.param("id: \x01\n", "not YAML", id="a control character"),
        pytest.param("[" * 5000, "not YAML", id="too deep"),
        pytest.param("just words", "'just words' stands where an outlet should", id="prose"),
        pytest.param("outlets: [one, two]", "'one' stands where an outlet should", id="names for outlets"),
    ],
)
def test_a_file_that_holds_no_outlet_is_refused(read: Read, text: str, told: str) -> None:
    assert any(told in fault for fault in faults(read, text))


def test_a_fault_names_its_line(read: Read) -> None:
    (fault,) = faults(
        read, "# mine\n---\nid: one\nname: One\nhosts: [one.example]\narticle:\n  title: h1\n  boddy: p\n"
    )
    assert fault.startswith("own0.yaml, line 8: one: article.boddy: ")


def test_all_faults_of_all_files_are_told_at_once_and_nothing_is_taken(read: Read) -> None:
    with pytest.raises(OutletFileError) as caught:
        read(
            a="[{id: one, name: One, hosts: [one.example], zone: UTC}, {id: one, name: 1, hosts: [x.example], acess: open}]",
            b="{id: two, name: Two, hosts: []}",
            c="{",
            fine=PLAIN,
        )
    told = str(caught.value)
    assert "have 5 faults; none was taken" in told
    for fault in ("zone: unknown", "acess: unknown", "id: already used in a.yaml", "hosts are missing", "not YAML"):
        assert told.count(fault) == 1
    assert [one.file for one in caught.value.complaints] == ["a.yaml", "a.yaml", "a.yaml", "b.yaml", "c.yaml"]


def test_a_file_that_is_not_text_is_told_beside_the_rest(read: Read, tmp_path: Path) -> None:
    (tmp_path / "latin.yaml").write_bytes("name: Café".encode("latin-1"))
    (tmp_path / "folder.yaml").mkdir()
    told = faults(read, "{id: one, name: One, hosts: [one.example], zone: UTC}")
    assert [fault.split(",")[0] for fault in told] == ["folder.yaml", "latin.yaml", "own0.yaml"]
    assert "it is not UTF-8 text" in told[1]


def test_a_folder_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(OutletFileError, match="there is no such folder: make it or name another"):
        read_outlets(extra=tmp_path / "nowhere")


# ------------------------------------------------------------------ the documentation


def test_the_examples_in_the_documentation_work(read: Read) -> None:
    page = (Path(__file__).parents[2] / "docs" / "outlets.md").read_text(encoding="utf-8")
    gazette, adjusting = re.findall(r"```yaml\n(.*?)```", page, flags=re.DOTALL)
    outlets = read(gazette, adjusting)
    outlet = outlets["harbour-gazette"]
    assert [point.kind for point in outlet.entry_points] == [PointKind.FEED, PointKind.LISTING]
    assert canonical_id(outlet, "https://m.harbour-gazette.example/story/48213/frigates-sail?from=rss") == "48213"
    assert outlet.layouts[0].body == ("div.story-text > p",)
    assert not outlets["press-tv"].enabled
    assert outlets["yonhap-en"].patience == timedelta(hours=2)


def test_the_documentation_knows_every_field_that_is_read(read: Read) -> None:
    page = (Path(__file__).parents[2] / "docs" / "outlets.md").read_text(encoding="utf-8")
    (fault,) = faults(read, PLAIN + "qqqqqq: x")
    fields = fault.split("known here are ", 1)[1].rstrip(".").split(", ")
    assert len(fields) > 20
    assert [field for field in fields if f"`{field}`" not in page] == []
