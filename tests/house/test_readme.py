"""README and docs tell the truth: every command and setting is there, and everything there exists."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from service.cli.main import app
from service.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
SETTINGS = [f"ENTENTE_{name.upper()}" for name in Settings.model_fields]


def commands() -> dict[str, Any]:
    """Every command by the words that call it."""
    root: Any = typer.main.get_command(app)
    found: dict[str, Any] = {}
    for name, command in root.commands.items():
        inner = getattr(command, "commands", {})
        found |= {f"{name} {leaf}": inner[leaf] for leaf in inner} or {name: command}
    return found


def typed() -> Iterator[tuple[str, str]]:
    """Every `entente ...` line of a code block, with the page it stands on."""
    for page in PAGES:
        for block in re.findall(r"```(?:sh|console)?\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.DOTALL):
            for line in block.splitlines():
                if line.lstrip("$ ").startswith("entente "):
                    yield page.name, line.lstrip("$ ")


@pytest.mark.parametrize("words", commands())
def test_every_command_is_in_the_readme(words: str) -> None:
    assert f"entente {words}" in README


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_is_in_the_readme_with_its_default(name: str) -> None:
    row = next((line for line in README.splitlines() if line.startswith(f"| `{name}`")), "")
    assert row, f"{name} has no row in README's table of settings"
    default = Settings.model_fields[name.removeprefix("ENTENTE_").lower()].get_default()
    if isinstance(default, str | int | Path) and str(default):
        assert f"`{default}`" in row


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_page_names_a_setting_that_is_none(page: Path) -> None:
    named = set(re.findall(r"\bENTENTE_[A-Z_]+\b", page.read_text(encoding="utf-8")))
    known = {*SETTINGS, *(f"{name}_FILE" for name in SETTINGS), "ENTENTE_SHARED"}
    assert named <= known


@pytest.mark.parametrize(("page", "line"), list(typed()))
def test_every_line_to_type_would_be_understood(page: str, line: str) -> None:  # noqa: ARG001 - it names the case
    words = [word for word in shlex.split(line.split(" > ")[0])[1:] if word != "--json"]
    known = commands()
    name = " ".join(words[:2]) if " ".join(words[:2]) in known else words[0]
    command = known[name]
    arguments = words[len(name.split()) :]
    command.make_context(name, list(arguments), resilient_parsing=True)  # raises for what it does not understand
    options = {option for parameter in command.params for option in parameter.opts}
    assert {word.split("=")[0] for word in arguments if word.startswith("--")} <= options


def test_every_make_target_named_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    for page in PAGES:
        assert (
            set(re.findall(r"(?:^|`)make ([a-z-]+)", page.read_text(encoding="utf-8"), flags=re.MULTILINE)) <= targets
        )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_between_pages_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_compose_file_sets_only_what_exists() -> None:
    named = set(re.findall(r"\bENTENTE_[A-Z_]+\b", (ROOT / "docker-compose.yml").read_text(encoding="utf-8")))
    named |= set(re.findall(r"\bENTENTE_[A-Z_]+\b", (ROOT / "Dockerfile").read_text(encoding="utf-8")))
    assert named <= {*SETTINGS, *(f"{name}_FILE" for name in SETTINGS)}
