"""What every test may ask for."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest
import structlog

from tests.fakes.stores import AStore, Server, Shelf, a_server


@pytest.fixture(autouse=True)
def _logging_of_its_own() -> None:
    """A command run in this process sets the level of its logging; the next test must not inherit it."""
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real input, or a skip that says how to get it."""
    folder = os.environ.get("ENTENTE_SHARED", "")
    if not folder or not Path(folder).is_dir():
        pytest.skip("ENTENTE_SHARED does not name the folder of real input: this test needs it")
    return Path(folder).resolve()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A real PostgreSQL server for this test run, or a skip that says why there is none."""
    with ExitStack() as stack:
        try:
            server = stack.enter_context(a_server())
        except Exception as why:
            pytest.skip(f"no PostgreSQL server could be started here ({why!r}): this test needs one")
        yield server


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """New SQLite archives at little cost."""
    return Shelf(tmp_path_factory.mktemp("shelf"))


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path, shelf: Shelf) -> Iterator[AStore]:
    """A store with an empty archive: each test that asks for it runs on both."""
    if request.param == "sqlite":
        yield shelf.new(tmp_path)
        return
    server: Server = request.getfixturevalue("postgresql")
    with server.archive() as database:
        yield database


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], AStore]]:
    """Makes stores without anything in them, not even an archive's tables; each test that asks for it runs on both kinds."""
    numbers = count()
    if request.param == "sqlite":
        yield lambda: AStore(f"sqlite:///{tmp_path / f'bare-{next(numbers)}.db'}")
        return
    server: Server = request.getfixturevalue("postgresql")
    with ExitStack() as stack:
        yield lambda: stack.enter_context(server.database())
