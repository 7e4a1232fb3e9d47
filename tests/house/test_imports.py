"""The arrows of the house: which room may import which, read from the code itself."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("storage", "scrapers", "alerts", "service")
FLOOR = ("storage.records", "storage.words")


def modules(room: str) -> list[Path]:
    return sorted((ROOT / room).rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write the full name instead of a relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def on_the_floor(name: str) -> bool:
    return any(name == floor or name.startswith(floor + ".") for floor in FLOOR)


def allowed(room: str, name: str) -> bool:
    target = name.split(".")[0]
    if target not in (*ROOMS, "tests", "benchmarks"):
        return True
    if target == room or room == "service":
        return target not in ("tests", "benchmarks")
    return room in ("scrapers", "alerts") and on_the_floor(name)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_along_the_arrows(room: str) -> None:
    wrong = [f"{p.relative_to(ROOT)}: {name}" for p in modules(room) for name in imported(p) if not allowed(room, name)]
    assert not wrong, "imports against the arrows:\n" + "\n".join(wrong)


@pytest.mark.parametrize(
    ("library", "doors"),
    [
        pytest.param("httpx", ("scrapers/fetching/",), id="only fetching opens the network inwards"),
        pytest.param("smtplib", ("alerts/sending/",), id="only sending opens the network outwards"),
        pytest.param("apscheduler", ("service/schedule.py",), id="only the schedule knows the scheduler"),
        pytest.param("sqlmodel", ("storage/",), id="only storage knows rows"),
        pytest.param("sqlalchemy", ("storage/",), id="only storage knows the database"),
        pytest.param("tantivy", ("storage/search/",), id="only search knows the index"),
        pytest.param("feedparser", ("scrapers/parsing/",), id="only parsing knows feeds"),
        pytest.param("trafilatura", ("scrapers/reading/",), id="only reading knows extraction"),
    ],
)
def test_a_driver_stays_behind_its_door(library: str, doors: tuple[str, ...]) -> None:
    users = [
        str(path.relative_to(ROOT))
        for room in ROOMS
        for path in modules(room)
        if any(name.split(".")[0] == library for name in imported(path))
    ]
    assert [user for user in users if not user.startswith(doors)] == []


def test_the_floor_stands_on_nothing_of_ours() -> None:
    for name in ("records", "words"):
        names = list(imported(ROOT / "storage" / f"{name}.py"))
        assert not [n for n in names if n.split(".")[0] in ROOMS]


def test_packages_say_nothing_at_their_door() -> None:
    spoken = [p for room in ROOMS for p in (ROOT / room).rglob("__init__.py") if p.read_text(encoding="utf-8").strip()]
    assert spoken == []
