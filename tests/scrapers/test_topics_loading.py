"""Topic files: what is refused and where, what the user's own files may do, and that the guide tells the truth."""

import re
from pathlib import Path

import pytest

from scrapers.classifying.classifying import classify
from scrapers.classifying.loading import TopicFileError, load_rules

GUIDE = Path(__file__).parents[2] / "docs" / "topics.md"


def written(folder: Path, text: str, name: str = "mine.yaml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


RULE = "topic: mine\nrules:\n  - id: one\n    all: [{}]\n"


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        pytest.param("concepts:\n  - ]\n", 2, "no YAML", id="no YAML"),
        pytest.param("- a\n- b\n", 1, "a topic file is a table", id="a list"),
        pytest.param(
            "concepts:\n  navy:\n    en: [fleet]\n    fr: [flotte]\n", 4, "has no 'fr'", id="a key nobody knows"
        ),
        pytest.param(
            "concepts:\n  navy:\n    en:\n      - fleet\n      - to\n", 5, "shorter than 3", id="a form too short"
        ),
        pytest.param('concepts:\n  navy:\n    en: [""]\n', 3, "empty form", id="an empty form"),
        pytest.param('concepts:\n  navy:\n    ru:\n      - {stem: "(а|б"}\n', 4, "without ')'", id="bad stem notation"),
        pytest.param("concepts:\n  navy: {en: [fleet]}\n  navy: {en: [ships]}\n", 3, "stands twice", id="a name twice"),
        pytest.param("concepts:\n  navy: {about: nothing}\n", 2, "nothing can match it", id="no forms at all"),
        pytest.param(RULE.format("navvy"), 3, "unknown concept: 'navvy'", id="an unknown concept"),
        pytest.param(RULE.format(""), 3, "it would always fire", id="a rule that asks for nothing"),
        pytest.param(RULE.format("china") + "    points: 0\n", 3, "can never fire", id="a rule that gives nothing"),
        pytest.param(RULE.format("china") + "    near: yonder\n", 5, "near is one of", id="an unknown nearness"),
        pytest.param(RULE.format("china") + "    points: many\n", 5, "points is a number", id="points in words"),
        pytest.param(RULE.format("china") + "    activity: dancing\n", 3, "unknown activity", id="an unknown activity"),
        pytest.param(RULE.format("china") + "mention: 9\n", 1, "not above tie", id="thresholds the wrong way round"),
        pytest.param("topic: mine\n", 1, "has no rules", id="a topic without rules"),
        pytest.param("rules: []\n", 1, "rules without a topic", id="rules without a topic"),
        pytest.param(
            "concepts:\n  a1: {any: [b1]}\n  b1: {any: [a1]}\n", 2, "in a circle", id="concepts that include each other"
        ),
        pytest.param(
            "exercises:\n  x1: {en: [Xylophone], activity: joint_exercise, topics: {nowhere: []}}\n",
            2,
            "unknown topic: 'nowhere'",
            id="an exercise of no topic",
        ),
        pytest.param(
            "people:\n  guests:\n    ann:\n      en: [Ann Example]\n      offices: [{from: soon}]\n",
            5,
            "from is a date",
            id="a date that is none",
        ),
    ],
)
def test_a_bad_file_is_refused_with_file_line_and_reason(tmp_path: Path, text: str, line: int, reason: str) -> None:
    with pytest.raises(TopicFileError) as refused:
        load_rules(extra=written(tmp_path, text))
    complaint = refused.value.complaints[0]
    assert complaint.file == str(tmp_path / "mine.yaml")
    assert complaint.line == line
    assert reason in complaint.reason


BELLS = (
    "concepts:\n  bell: {en: [church bell]}\n  tower: {en: [bell tower], any: [bell]}\n  word: {en: [the, xyloid]}\n"
)


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        pytest.param(
            BELLS + RULE.format("bell") + "    points: 0.2\n",
            7,
            "even in title and lead that makes 1.4",
            id="too few points",
        ),
        pytest.param(
            BELLS + RULE.format("bell") + "vetoes: [bell]\n", 7, "can never fire", id="vetoed by what it wants"
        ),
        pytest.param(
            BELLS + RULE.format("bell") + "vetoes: [tower]\n",
            7,
            "can never fire",
            id="vetoed by a group of what it wants",
        ),
        pytest.param(
            BELLS + RULE.format("bell") + "    unless: [bell]\n", 7, "can never fire", id="undone by what it wants"
        ),
        pytest.param(
            BELLS + RULE.format("bell") + "lowers: {bell: 3}\n",
            7,
            "leave nothing of its points",
            id="lowered by what it wants",
        ),
        pytest.param(BELLS + RULE.format("word"), 7, "would always fire", id="one everyday word is enough"),
        pytest.param(
            'concepts:\n  word: {ru: [{lemma: потому, stem: "по*"}]}\n' + RULE.format("word"),
            5,
            "would always fire",
            id="half of all words will do",
        ),
        pytest.param(
            "concepts:\n  word: {zh: [我们]}\n" + RULE.format("word"), 5, "would always fire", id="in Chinese"
        ),
        pytest.param(
            "concepts:\n  both: {en: [the pair], after: [pair2]}\n  pair2: {en: [the other pair], after: [both]}\n",
            2,
            "both can never count",
            id="each waits for the other",
        ),
        pytest.param(
            "people:\n  guests:\n    ann:\n      en: [Ann Example]\n      offices: [{from: 2020-01-01, to: 2019}]\n",
            3,
            "was never in office",
            id="an office that ends before it begins",
        ),
        pytest.param(
            "concepts:\n  army: {made_of: [of_china sailers]}\n",
            2,
            "unknown word list: 'sailers'",
            id="no such word list",
        ),
        pytest.param(
            "concepts:\n  army: {made_of: [of_china]}\n", 2, "names two word lists", id="one word list of two"
        ),
        pytest.param(
            "words:\n  of_me: {zh: [我]}\n  two: {zh: [兵, 卒]}\nconcepts:\n  army: {made_of: [of_me two]}\n",
            5,
            "shorter than 2 characters",
            id="joined words of one character each",
        ),
        pytest.param(
            'concepts:\n  army: {ru: [{lemma: китайская армия, stem: "китайск арми*"}]}\n',
            2,
            "does not match its own lemma",
            id="a stem without its star",
        ),
        pytest.param(
            "exercises:\n  x1: {en: [Xylophone], activity: joint_exercise, topics: {mine: []}}\n"
            + BELLS
            + RULE.format("bell")
            + "exercise: 0.1\n",
            2,
            "exercise x1 gives 0.1 points",
            id="a name that gives too little",
        ),
    ],
)
def test_a_rule_that_never_or_always_fires_is_refused(tmp_path: Path, text: str, line: int, reason: str) -> None:
    with pytest.raises(TopicFileError) as refused:
        load_rules(extra=written(tmp_path, text))
    complaint = refused.value.complaints[0]
    assert complaint.line == line
    assert reason in complaint.reason


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(BELLS + RULE.format("bell, word"), id="an everyday word beside a rare one"),
        pytest.param(BELLS + RULE.format("[bell, word]") + "    unless: [bell]\n", id="undone in one way of two"),
        pytest.param(BELLS + RULE.format("tower") + "vetoes: [bell]\n", id="vetoed in one way of two"),
        pytest.param(BELLS + RULE.format("bell") + "lowers: {bell: 2}\n", id="lowered, and something is left"),
        pytest.param(RULE.format("pair_generic"), id="what waits for others that can be named"),
    ],
)
def test_a_rule_that_may_fire_is_not(tmp_path: Path, text: str) -> None:
    allowed = text if "[bell, word]" not in text else text.replace("[the, xyloid]", "[xyloid]")
    assert "mine" in load_rules(extra=written(tmp_path, allowed)).topics


def test_all_complaints_come_at_once(tmp_path: Path) -> None:
    written(tmp_path, 'concepts:\n  navy: {en: [""]}\n  army: {zh: [军]}\n', "a.yaml")
    with pytest.raises(TopicFileError) as refused:
        load_rules(extra=written(tmp_path, "concepts: 7\n", "b.yaml"))
    assert len(refused.value.complaints) == 3
    assert "a.yaml, line 2" in str(refused.value)
    assert "b.yaml, line 1" in str(refused.value)


def test_a_folder_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(TopicFileError, match="no such file or folder"):
        load_rules(extra=tmp_path / "topics")


def test_a_file_that_is_no_text_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(TopicFileError, match="UTF-8"):
        load_rules(extra=tmp_path)


def test_an_empty_folder_changes_nothing(tmp_path: Path) -> None:
    assert load_rules(extra=tmp_path).version == load_rules().version


def test_a_deep_chain_of_concepts_is_no_circle(tmp_path: Path) -> None:
    chain = "".join(f"  c{n}: {{any: [c{n + 1}]}}\n" for n in range(3000))
    rules = load_rules(extra=written(tmp_path, f"concepts:\n{chain}  c3000: {{en: [Xylophone]}}\n" + RULE.format("c0")))
    assert "mine" in classify(rules, title="Xylophone", text="").strength


# ------------------------------------------------------------------ the user's own files


def test_the_users_file_adds_a_topic(tmp_path: Path) -> None:
    text = "concepts:\n  band: {en: [brass band]}\n" + RULE.format("band")
    rules = load_rules(extra=written(tmp_path, text))
    assert classify(rules, title="A brass band plays", text="").topics == ("mine",)
    assert classify(rules, title="Joint Sea-2025 opens", text="").topics == ("china-russia",)
    assert rules.version != load_rules().version


def test_the_users_file_takes_the_place_of_a_name_of_ours(tmp_path: Path) -> None:
    rules = load_rules(extra=written(tmp_path, "topic: sco\nrules:\n  - id: any\n    all: [sco]\n"))
    assert classify(rules, title="SCO bank opens", text="").topics == ("sco",)


def test_a_single_file_will_do(tmp_path: Path) -> None:
    written(tmp_path, RULE.format("china"))
    assert "mine" in load_rules(extra=tmp_path / "mine.yaml").topics


def test_reading_again_costs_nothing() -> None:
    assert load_rules() is load_rules()


def test_many_forms_are_read_all_the_same(tmp_path: Path) -> None:
    forms = ", ".join(f"Xylophone-{n}" for n in range(100_000))
    rules = load_rules(extra=written(tmp_path, f"concepts:\n  many: {{en: [{forms}]}}\n" + RULE.format("many")))
    assert "mine" in classify(rules, title="Xylophone-99999", text="").strength
    assert not classify(rules, title="Xylophone of 1999", text="Xylophone players met. " * 300).strength


# ------------------------------------------------------------------ word lists

MONGOLIAN = """
words:
  of_mongolia: {en: [Mongolian, Mongolia's], ru: ["монгольск*"], zh: [蒙古国, 蒙]}
  mongolia_behind: {ru: [Монголии]}
concepts:
  mongolian_soldiers: {made_of: [of_mongolia ~ soldiers, of_mongolia ships_and_planes, soldiers ~ mongolia_behind]}
topic: mine
rules:
  - id: one
    all: [mongolian_soldiers]
    points: 5
"""


@pytest.mark.parametrize(
    ("title", "form"),
    [
        pytest.param("Mongolian peacekeepers leave for Juba", "Mongolian peacekeepers", id="side by side"),
        pytest.param("Mongolia's little navy sails again", "Mongolia's little navy", id="a word between"),
        pytest.param("Mongolian cargo ships wait", "", id="no word between where the second list is for neighbours"),
        pytest.param("Mongolian ships wait", "Mongolian ships", id="neighbours"),
        pytest.param("Mongolian miners praise army", "", id="two words between"),
        pytest.param("Монгольские горные десантники в пути", "Монгольские горные десантники", id="Russian endings"),
        pytest.param("Бригада вооружённых сил Монголии в пути", "вооружённых сил Монголии", id="the side behind"),
        pytest.param("蒙军方抵达", "蒙军方", id="one character for the side"),
        pytest.param("蒙古国边防官兵抵达", "蒙古国边防官兵", id="Chinese, a word between"),
    ],
)
def test_forms_are_made_of_two_word_lists(tmp_path: Path, title: str, form: str) -> None:
    verdict = classify(load_rules(extra=written(tmp_path, MONGOLIAN)), title=title, text="")
    assert {one.form for one in verdict.evidence} == ({form} if form else set())


# ------------------------------------------------------------------ the guide

EXAMPLES = re.findall(r"```yaml\n(# file: (\S+)\n.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
SAYS = re.findall(r"^\| `(.+?)` \| (.*?) \|$", GUIDE.read_text(encoding="utf-8").split("| headline |")[1], re.MULTILINE)


def test_the_guide_holds_a_whole_file_and_what_it_does() -> None:
    assert EXAMPLES
    assert len(SAYS) >= 4


@pytest.mark.parametrize(("text", "says"), [pytest.param(*one, id=one[0]) for one in SAYS])
def test_the_example_of_the_guide_does_what_the_guide_says(tmp_path: Path, text: str, says: str) -> None:
    for example, name in EXAMPLES:
        written(tmp_path, example, name)
    verdict = classify(load_rules(extra=tmp_path), title=text, text="")
    told = ", ".join(f"{topic}: {strength}" for topic, strength in verdict.strength.items()) or "none"
    assert told == says


def test_the_version_tells_the_files_and_the_code(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("concepts:\n  band: {en: [brass band]}\n", encoding="utf-8")
    (ours, code), (theirs, same) = (rules.version.split("-") for rules in (load_rules(), load_rules(extra=tmp_path)))
    assert ours != theirs, "a file more is another version"
    assert code == same != "", "the code that judges is the same for both"
