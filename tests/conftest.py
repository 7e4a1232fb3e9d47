"""What every test may ask for."""

import os
from pathlib import Path

import pytest
import structlog


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
