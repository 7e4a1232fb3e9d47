"""`entente topics` and `entente mark` through the real command: checked, tried, applied, marked; bad files leave all as it was."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.commands import Told, entente

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "china-pakistan.yaml"
BAD = "topic: mine\nrules:\n  - id: one\n    all: [navvy]\n    points: many\n"

DRILL = {
    "id": "drill",
    "title": "China-Pakistan naval exercise begins off Karachi",
    "text": "Both navies hold the exercise.",
}
BREAD = {"id": "bread", "title": "Bread is dearer", "text": "Bakers raised the price."}
JOINT = {"id": "joint", "title": "China and Russia hold joint exercise", "text": "Both navies take part."}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of settings with an archive of three articles and a folder of topics without any."""
    (tmp_path / "topics").mkdir()
    texts = tmp_path / "texts.jsonl"
    lines = [
        {**line, "language": "en", "published": f"2026-11-{day}T08:00:00Z"}
        for day, line in enumerate((DRILL, BREAD, JOINT), 17)
    ]
    texts.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    assert ask("import", texts, folder=tmp_path)["added"] == 3
    return tmp_path


def run(*words: object, folder: Path) -> Told:
    return entente(*words, folder=folder, topics_dir=folder / "topics")


def ask(*words: object, folder: Path) -> Any:
    told = run(*words, "--json", folder=folder)
    assert told.code == 0, told.err
    return told.document


def bad(folder: Path) -> Path:
    file = folder / "bad.yaml"
    file.write_text(BAD, encoding="utf-8")
    return file


# ------------------------------------------------------------------ check


@pytest.mark.parametrize("place", [pytest.param(EXAMPLE, id="a file"), pytest.param(EXAMPLE.parent, id="a folder")])
def test_a_sound_file_is_told_with_its_topics(folder: Path, place: Path) -> None:
    checked = ask("topics", "check", place, folder=folder)
    assert checked.pop("rules_version")
    assert checked == {"ok": True, "complaints": [], "topics": ["china-russia", "sco", "china-pakistan"]}


def test_a_bad_file_is_told_with_every_complaint(folder: Path) -> None:
    file = bad(folder)
    told = run("topics", "check", file, "--json", folder=folder)
    assert told.code == 2
    assert told.document == {
        "ok": False,
        "complaints": [{"file": str(file), "line": 5, "reason": "points is a number, not 'many'"}],
        "topics": [],
        "rules_version": "",
    }
    assert "stay as they are" in told.err


def test_a_file_is_checked_beside_those_that_are_installed(folder: Path) -> None:
    (folder / "topics" / EXAMPLE.name).write_bytes(EXAMPLE.read_bytes())
    again = ask("topics", "check", EXAMPLE, folder=folder)
    assert again["topics"][2:] == ["china-pakistan"], "its namesake gives way"
    other = folder / "other.yaml"
    other.write_bytes(EXAMPLE.read_bytes())
    told = run("topics", "check", other, folder=folder)
    assert (told.code, "written twice" in told.err) == (2, True)


@pytest.mark.parametrize("command", ["check", "test", "apply"])
def test_a_file_that_is_not_there_is_refused(folder: Path, command: str) -> None:
    told = run("topics", command, folder / "nowhere.yaml", folder=folder)
    assert (told.code, "no such file" in told.err) == (2, True)


# ------------------------------------------------------------------ test


def test_candidate_rules_are_tried_and_nothing_is_written(folder: Path) -> None:
    tried = ask("topics", "test", EXAMPLE, folder=folder)
    assert tried.keys() == {
        *("tested", "candidates", "counts", "gained", "lost", "changed", "labelled", "marks", "rules_version", "took_s")
    }
    assert (tried["tested"], tried["candidates"]) == (3, 1)
    assert (tried["lost"], tried["changed"], tried["labelled"], tried["marks"]) == ([], [], {}, {})
    assert tried["counts"]["china-pakistan"] == {"gained": {"tie": 1}, "lost": {}, "changed": {}}
    [gained] = tried["gained"]
    assert (gained["id"], gained["topic"], gained["before"], gained["after"]) == (
        "drill",
        "china-pakistan",
        None,
        "tie",
    )
    assert "China-Pakistan" in {piece["form"] for piece in gained["evidence"]}
    assert ask("show", "drill", folder=folder)["topics"] == []


def test_for_people_the_same_is_told_in_words(folder: Path) -> None:
    told = run("topics", "test", EXAMPLE, folder=folder)
    assert "3 articles tried, 1 of them read: 1 gained, 0 lost, 0 changed" in told.out
    assert "+ china-pakistan: none → tie  China-Pakistan naval exercise begins off Karachi" in told.out
    assert "«China-Pakistan»" in told.out


@pytest.mark.parametrize(
    ("since", "tested", "gained"),
    [
        pytest.param("2026-11-17", 3, 1, id="from the day it was published"),
        pytest.param("2026-11-18", 2, 0, id="from the day after"),
        pytest.param("2027", 0, 0, id="from a year to come"),
    ],
)
def test_only_what_was_published_since_counts(folder: Path, since: str, tested: int, gained: int) -> None:
    tried = ask("topics", "test", EXAMPLE, "--since", since, folder=folder)
    assert (tried["tested"], len(tried["gained"])) == (tested, gained)


def test_with_no_limit_to_show_all_are_still_counted(folder: Path) -> None:
    tried = ask("topics", "test", EXAMPLE, "--limit", "0", folder=folder)
    assert (tried["gained"], tried["counts"]["china-pakistan"]["gained"]) == ([], {"tie": 1})


def test_rules_are_measured_on_labelled_texts(folder: Path) -> None:
    lines = [
        {**DRILL, "label_topics": ["china-pakistan"], "date": "2026-11"},
        {**JOINT, "label_topics": ["china-russia"], "tolerated": ["sco"]},
        {**BREAD, "label_topics": ["china-russia"]},
        {**BREAD, "label_topics": ["sco"], "uncertain": True},
    ]
    file = folder / "labelled.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    measured = ask("topics", "test", EXAMPLE, "--labelled", file, folder=folder)["labelled"]
    assert measured["texts"] == 3
    assert measured["topics"]["china-pakistan"] == {
        "right": 1,
        "wrong": 0,
        "missed": 0,
        "precision": 1.0,
        "recall": 1.0,
        "f1": 1.0,
    }
    assert measured["topics"]["china-russia"]["recall"] == 0.5
    assert measured["running"]["china-pakistan"] == {
        "right": 0,
        "wrong": 0,
        "missed": 1,
        "precision": None,
        "recall": 0.0,
        "f1": 0.0,
    }
    assert measured["topics"]["all"]["missed"] == 1
    assert "china-pakistan" in run("topics", "test", EXAMPLE, "--labelled", file, folder=folder).out


def test_a_labelled_file_is_refused_with_all_its_bad_lines(folder: Path) -> None:
    file = folder / "labelled.jsonl"
    file.write_text(
        '{"title": "x"}\nno JSON\n{"title": 1, "label_topics": []}\n{"label_topics": "sco"}\n', encoding="utf-8"
    )
    told = run("topics", "test", "--labelled", file, folder=folder)
    assert told.code == 2
    assert [line.split(": ")[0] for line in told.err.splitlines()] == [f"{file}:{number}" for number in (1, 2, 3, 4)]


def test_a_day_that_is_none_is_refused(folder: Path) -> None:
    told = run("topics", "test", "--since", "yesterday", folder=folder)
    assert (told.code, "2025-04-18" in told.err) == (2, True)


# ------------------------------------------------------------------ apply


def test_applied_rules_are_installed_and_the_archive_follows(folder: Path) -> None:
    applied = ask("topics", "apply", EXAMPLE, folder=folder)
    there = folder / "topics" / EXAMPLE.name
    assert (applied["file"], there.read_bytes()) == (str(there), EXAMPLE.read_bytes())
    assert (applied["judged"], applied["changed"], applied["left"]) == (3, 1, 0)
    assert [path.name for path in (folder / "topics").iterdir()] == [EXAMPLE.name], "nothing lies beside it"
    shown = ask("show", "drill", folder=folder)
    assert (shown["strength"], shown["rules_version"]) == ({"china-pakistan": "tie"}, applied["rules_version"])
    assert ask("search", "topic:china-pakistan", folder=folder)["total"] == 1
    assert ask("topics", "apply", folder=folder)["judged"] == 0, "there is nothing left to do"
    assert ask("topics", "test", folder=folder)["candidates"] == 0


def test_rules_taken_out_of_the_folder_are_taken_back(folder: Path) -> None:
    ask("topics", "apply", EXAMPLE, folder=folder)
    (folder / "topics" / EXAMPLE.name).unlink()
    tried = ask("topics", "test", folder=folder)
    assert [lost["id"] for lost in tried["lost"]] == ["drill"]
    assert ask("topics", "apply", folder=folder)["changed"] == 1
    assert ask("show", "drill", folder=folder)["topics"] == []


def test_a_bad_file_is_not_installed(folder: Path) -> None:
    told = run("topics", "apply", bad(folder), folder=folder)
    assert (told.code, "line 5" in told.err) == (2, True)
    assert list((folder / "topics").iterdir()) == []


def test_without_a_folder_there_is_nowhere_to_install(tmp_path: Path) -> None:
    told = entente("topics", "apply", EXAMPLE, folder=tmp_path)
    assert (told.code, "ENTENTE_TOPICS_DIR is not set" in told.err) == (2, True)


def test_a_mended_file_takes_the_place_of_a_broken_one(folder: Path) -> None:
    (folder / "topics" / EXAMPLE.name).write_text(BAD, encoding="utf-8")
    assert run("topics", "apply", folder=folder).code == 2
    assert ask("topics", "apply", EXAMPLE, folder=folder)["changed"] == 1


# ------------------------------------------------------------------ marks


def test_a_verdict_is_marked_listed_and_taken_back(folder: Path) -> None:
    marked = ask("mark", "joint", "--topic", "china-russia", "right", "--note", "Plain.", folder=folder)
    assert (marked["strength"], marked["is_about"], marked["revision"], marked["note"]) == ("tie", True, 1, "Plain.")
    ask("mark", "set", "drill", "wrong", "--topic", "sco", folder=folder)
    listed = ask("mark", "list", folder=folder)["marks"]
    assert [(one["article"], one["topic"], one["right"], one["is_about"], one["title"]) for one in listed] == [
        ("drill", "sco", False, True, DRILL["title"]),
        ("joint", "china-russia", True, True, JOINT["title"]),
    ]
    assert "Plain." in run("mark", "list", folder=folder).out
    assert ask("unmark", "drill", folder=folder) == {"article": "drill", "removed": 1}
    assert run("unmark", "drill", folder=folder).code == 2
    assert len(ask("mark", "list", folder=folder)["marks"]) == 1


@pytest.mark.parametrize(
    ("words", "says"),
    [
        pytest.param(("nobody", "right", "--topic", "sco"), "No article has the id 'nobody'", id="an unknown article"),
        pytest.param(("joint", "right", "--topic", "soc"), "use sco", id="a topic misspelt"),
        pytest.param(("joint", "maybe", "--topic", "sco"), "maybe", id="neither right nor wrong"),
        pytest.param(("joint", "right", "--topic", "sco", "--note", "x" * 2001), "at most 2000", id="a note too long"),
    ],
)
def test_what_cannot_be_marked_is_refused(folder: Path, words: tuple[str, ...], says: str) -> None:
    told = run("mark", *words, folder=folder)
    assert (told.code, says in told.err) == (2, True)
    assert ask("mark", "list", folder=folder) == {"marks": []}


def test_marks_measure_rules_and_so_does_their_export(folder: Path) -> None:
    run("mark", "joint", "right", "--topic", "china-russia", folder=folder)
    run("mark", "drill", "wrong", "--topic", "china-russia", "--note", "Missed.", folder=folder)
    run("mark", "bread", "right", "--topic", "sco", folder=folder)
    told = run("mark", "export", folder=folder)
    assert told.code == 0
    lines = {line["id"]: line for line in told.lines}
    assert lines["drill"] == {
        "id": "drill",
        "url": "",
        "outlet": "import",
        "lang": "en",
        "date": "2026-11-17",
        "uncertain": False,
        "title": DRILL["title"],
        "text": DRILL["text"],
        "rationale": "Missed.",
        "label_topics": ["china-russia"],
        "tolerated": [],
        "marked": ["china-russia"],
    }
    exported = folder / "marks.jsonl"
    exported.write_text(told.out, encoding="utf-8")
    tried = ask("topics", "test", "--labelled", exported, folder=folder)
    assert tried["marks"]["topics"]["china-russia"] == {
        "right": 1,
        "wrong": 0,
        "missed": 1,
        "precision": 1.0,
        "recall": 0.5,
        "f1": 0.6667,
    }
    assert tried["marks"] == tried["labelled"]


def test_a_mark_keeps_to_the_text_it_was_put_on(folder: Path) -> None:
    run("mark", "joint", "right", "--topic", "china-russia", folder=folder)
    revised = folder / "revised.jsonl"
    revised.write_text(json.dumps({**JOINT, "title": "Corrected", "text": "No exercise was held."}), encoding="utf-8")
    assert ask("import", revised, folder=folder)["revised"] == 1
    [line] = run("mark", "export", folder=folder).lines
    assert (line["title"], line["text"]) == (JOINT["title"], JOINT["text"])
