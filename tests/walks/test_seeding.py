"""The seed archive: described by us, recognised by hash, repaired, attached, searched; and what it takes for a text to go."""

import hashlib
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from service.assembly import Service
from service.finding import find
from service.runs.importing import run_import
from service.runs.seeding import Seeding, put_seed, run_seeding, seed_if_missing, seed_text
from storage.records import Change, Published, SeedDocument, Strength
from storage.seeds.manifest import read_manifest
from storage.seeds.repairing import repaired
from tests.fakes.commands import entente
from tests.fakes.house import Clock, a_service

NOW = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
DOCUMENTS = {document.key: document for document in read_manifest()}

#: A document of our own with the ills of the real ones: an O for a zero, lines broken inside sentences, furniture around.
OURS = b"""MORE NEWS >>\r
Posted 03.11.2OO5 by the desk\r
The Two Harbours\r
The garrisons of the two harbours met on the ice in the winter of 2OO5 and agreed\r
to keep a common watch over the strait. The watch was ke'pt for three years.\r
Ropes and\r
Lanterns\r
Each side brought its own lanterns, and rowed out when the fog came down on the\r
northern point.\r
|\r
Join our mailing list\r
"""
BODY = (
    "The garrisons of the two harbours met on the ice in the winter of 2005 and agreed to keep a common watch over the strait. "
    "The watch was kept for three years."
)
OUR_DOCUMENT = SeedDocument(
    key="900",
    title="The Two Harbours",
    outlet="two-harbours",
    outlet_name="The Two Harbours Gazette",
    through="a shoebox",
    url="",
    author="the desk",
    published=Published(at=datetime(2005, 11, 2, 16, 0, tzinfo=UTC), offset_minutes=480),
    language="en",
    topics={"china-russia": Strength.MENTION},
    activities=("consultation",),
    sha256=hashlib.sha256(OURS).hexdigest(),
    abstract="Two garrisons keep watch together.",
    repairs=(
        (r"^MORE NEWS >>\s*", ""),
        (r"^Posted .*\s*", ""),
        (r"^\|\s*$", ""),
        (r"^Join our mailing list\s*", ""),
        (r"(?<=\d)OO(?=\d)", "00"),
        (r"\bke'pt\b", "kept"),
        (r"^Ropes and\nLanterns$", "Ropes and Lanterns"),
    ),
    wrapped=True,
)


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def service(tmp_path: Path, clock: Clock) -> Iterator[Service]:
    with a_service(tmp_path / "house", clock=clock) as built:
        yield built


def seed(service: Service, folder: Path) -> Seeding:
    done = run_seeding(service.archive, service.rules, folder, now=service.clock())
    service.index.catch_up()
    return done


def texts(service: Service) -> dict[str, str]:
    kept = service.archive.articles.many([f"seed-{key}" for key in DOCUMENTS])
    return {id.removeprefix("seed-"): one.article.text for id, one in kept.items()}


# ------------------------------------------------------------------ what we say of them


@pytest.mark.parametrize("key", DOCUMENTS)
def test_each_abstract_is_ours_and_of_the_promised_length(key: str) -> None:
    document = DOCUMENTS[key]
    assert 120 <= len(document.abstract.split()) <= 200
    assert re.fullmatch("[0-9a-f]{64}", document.sha256)
    assert document.topics
    assert document.activities
    assert document.outlet_name
    assert document.through


def test_five_documents_from_2002_to_2023() -> None:
    years = [document.published.local.year for document in DOCUMENTS.values()]
    assert (list(DOCUMENTS), min(years), max(years)) == (["000", "001", "002", "003", "004"], 2002, 2023)


# ------------------------------------------------------------------ without their texts


def test_without_a_folder_the_records_stand_beside_the_news_with_our_abstracts(
    service: Service, tmp_path: Path
) -> None:
    assert seed(service, tmp_path / "nowhere") == Seeding(attached=(), missing=tuple(DOCUMENTS), unknown=())
    assert texts(service) == {key: document.abstract for key, document in DOCUMENTS.items()}
    found = find(service, "seed:yes")
    assert found.total == 5
    assert all(hit.kept.seed and hit.kept.late for hit in found.hits)
    assert found.facets["seed"] == {"yes": 5}
    assert found.facets["topic"] == {"china-russia": 5, "sco": 3}
    assert {hit.kept.id for hit in find(service, "Rushailo").hits} == {"seed-002"}
    assert {hit.kept.id for hit in find(service, "on:2023 topic:china-russia").hits} == {"seed-003", "seed-004"}
    assert find(service, "seed:no").total == 0


def test_seeding_again_changes_nothing(service: Service, tmp_path: Path) -> None:
    seed(service, tmp_path)
    before = service.archive.articles.last_change()
    seed(service, tmp_path)
    seed_if_missing(service.archive, service.read_rules, tmp_path, now=service.clock())
    assert service.archive.articles.last_change() == before


def test_strangers_in_the_folder_are_named_and_left_alone(service: Service, tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "holiday.txt").write_text("Sun and sea", encoding="utf-8")
    (folder / ".hidden").write_text("x", encoding="utf-8")
    (folder / "film.iso").write_bytes(bytes(6_000_000))
    assert seed(service, folder).unknown == ("film.iso", "holiday.txt")
    assert find(service, "").total == 5


def test_the_first_command_finds_the_seeds_without_a_service_and_without_a_network(tmp_path: Path) -> None:
    hits = entente("search", "seed:yes", "--json", folder=tmp_path).document["hits"]
    assert [hit["seed"] for hit in hits] == [True] * 5


# ------------------------------------------------------------------ how a text is repaired, on a document of our own


def test_slips_are_mended_lines_joined_and_furniture_cut() -> None:
    assert repaired(OUR_DOCUMENT, OURS).split("\n\n") == [
        "The Two Harbours",
        BODY,
        "Ropes and Lanterns",
        "Each side brought its own lanterns, and rowed out when the fog came down on the northern point.",
    ]


def test_a_document_is_known_by_its_bytes_and_by_nothing_else(tmp_path: Path) -> None:
    for name, body in (("anything at all", OURS), ("900.txt", OURS + b" ")):
        (tmp_path / name).write_bytes(body)
    found = seed_text(tmp_path / "anything at all", [*DOCUMENTS.values(), OUR_DOCUMENT])
    assert found == (OUR_DOCUMENT, repaired(OUR_DOCUMENT, OURS))
    assert seed_text(tmp_path / "900.txt", [OUR_DOCUMENT]) is None


def test_a_text_attached_later_is_a_revision_and_stays_when_its_file_goes(service: Service, clock: Clock) -> None:
    def put(text: str | None) -> Change:
        clock.now += timedelta(days=1)
        change = put_seed(service.archive, service.rules, OUR_DOCUMENT, text, now=clock())
        service.index.catch_up()
        return change

    assert (put(None), find(service, "lanterns").total) == (Change.NEW, 0)
    assert (put(repaired(OUR_DOCUMENT, OURS)), find(service, "lanterns").total) == (Change.REVISED, 1)
    assert (put(None), find(service, "lanterns").total) == (Change.SAME, 1)
    assert (put(repaired(OUR_DOCUMENT, OURS)), find(service, '"two garrisons"').total) == (Change.SAME, 1)
    kept = service.archive.articles.get("seed-900")
    assert kept is not None
    assert (kept.revision, kept.seed, kept.article.summary_only) == (2, True, False)
    assert (kept.verdict.strength, kept.verdict.activities) == ({"china-russia": "mention"}, ("consultation",))
    assert (kept.outlet_name, kept.article.origin) == ("The Two Harbours Gazette", "a shoebox")


# ------------------------------------------------------------------ the real documents


@pytest.fixture(scope="module")
def coverage(shared: Path) -> dict[str, Any]:
    glossary = yaml.load((shared / "domain" / "glossary.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    covered: dict[str, Any] = glossary["seed_coverage"]
    return covered


@pytest.fixture
def renamed(shared: Path, tmp_path: Path) -> Path:
    """The real documents under names that tell nothing."""
    folder = tmp_path / "papers"
    folder.mkdir()
    for number, path in enumerate(sorted((shared / "seeds").glob("*.txt"), reverse=True)):
        shutil.copyfile(path, folder / f"paper {number}.dat")
    return folder


def test_real_documents_are_attached_whatever_their_names(service: Service, renamed: Path) -> None:
    seed(service, renamed.parent / "nowhere")
    assert find(service, '"combined arms tactical training base"').total == 0
    assert seed(service, renamed) == Seeding(attached=tuple(DOCUMENTS), missing=(), unknown=())
    found = find(service, '"combined arms tactical training base" seed:yes')
    assert [hit.kept.id for hit in found.hits] == ["seed-004"]
    assert {hit.kept.id for hit in find(service, "Qian OR Quian").hits} == {"seed-002"}
    before = texts(service)
    shutil.rmtree(renamed)
    assert seed(service, renamed).attached == ()
    assert texts(service) == before, "a text once attached stays"


@pytest.mark.parametrize("key", DOCUMENTS)
def test_a_real_document_holds_what_the_glossary_finds_in_it(
    service: Service, renamed: Path, coverage: dict[str, Any], key: str
) -> None:
    seed(service, renamed)
    kept = service.archive.articles.get(f"seed-{key}")
    assert kept is not None
    label = coverage[key]["label"]
    assert set(kept.verdict.topics) == {topic.replace("cn_ru", "china-russia") for topic in label["topics"]}
    assert set(kept.verdict.strength.values()) == {Strength.TIE}
    assert kept.verdict.activities == (label["primary"], *label["secondary"])
    _, _, document = kept.article.text.partition("\n\n")  # our abstract stands first
    read = f"{kept.article.title}\n{document}".lower()
    assert [form for form, _ in coverage[key]["wordings"] if form.lower() not in read] == []
    assert {piece.topic for piece in kept.verdict.evidence} == set(kept.verdict.topics), "each topic shows its evidence"


def test_real_quirks_are_repaired(service: Service, renamed: Path) -> None:
    seed(service, renamed)
    text = texts(service)
    assert "28.10.2002" in text["000"]
    for quirk in (
        "2OO2",
        "in- depth",
        "Kyrgyzstan Review",
        "XinjiangUygur",
        "ondrug",
        "attach's",
        "(next)",
        "NEWSLETTER",
    ):
        assert not [key for key, one in text.items() if quirk in one], quirk
    for furniture in ("Go to contents", "한국어", "yshwang@donga.com", "PDF View", "mailing list", "CHINA / MILITARY"):
        assert not [key for key, one in text.items() if furniture in one], furniture
    assert text["004"].count("kicks off at a combined arms tactical training base") == 1, (
        "the caption stood there twice"
    )
    paragraphs = text["001"].split("\n\n")[1:]
    assert {"Military Exchanges", "Participating in UN Peacekeeping Operations"} <= set(paragraphs)
    assert [one for one in paragraphs if "\n" in one] == [], "lines broken inside sentences are joined"
    assert [one for one in paragraphs if one[0].islower()] == []


def test_a_real_document_may_come_by_import_as_well(service: Service, renamed: Path) -> None:
    seed(service, renamed.parent / "nowhere")
    paper = (renamed / "paper 0.dat").rename(renamed / "paper.txt")
    told = run_import(service.importing(), [paper, paper]).as_json()
    assert (told["added"], told["revised"], told["known"], told["failed"]) == (0, 1, 1, [])
    service.index.catch_up()
    assert find(service, "").total == 5
