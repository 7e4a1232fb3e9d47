"""What the code imports is what `pyproject.toml` asks for, no more and no less; what is locked says names and hashes only."""

import re
import sys
import tomllib
from pathlib import Path

import pytest

from tests.house.test_imports import ROOMS, ROOT, imported, modules

#: Import name -> project name, where they differ.
PROJECTS = {
    "Stemmer": "pystemmer",
    "ahocorasick_rs": "ahocorasick-rs",
    "bs4": "beautifulsoup4",
    "css_inline": "css-inline",
    "yaml": "pyyaml",
}
#: Asked for and never imported: the zone data where the system has none, the build's own tool, and the driver that SQLAlchemy
#: loads by name.
UNSPOKEN = {"tzdata", "setuptools", "psycopg"}


def asked_for() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {re.split(r"[<>=;\[ ]", line)[0] for line in project["dependencies"]}


def used() -> set[str]:
    names = {name.split(".")[0] for room in ROOMS for path in modules(room) for name in imported(path)}
    return {PROJECTS.get(name, name) for name in names - set(sys.stdlib_module_names) - set(ROOMS)}


def test_every_import_is_asked_for_and_every_dependency_is_used() -> None:
    assert used() | UNSPOKEN == asked_for()


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_holds_names_versions_and_hashes_only(name: str) -> None:
    lock = Path(ROOT / name).read_text(encoding="utf-8")
    lines = [line.strip().removesuffix("\\").strip() for line in lock.splitlines()]
    wrong = [
        line
        for line in lines
        if not re.fullmatch(r"--hash=sha256:[0-9a-f]{64}|[A-Za-z0-9._-]+(\[[a-z,]+\])?==\S+( ; .+)?", line)
    ]
    assert wrong == []
