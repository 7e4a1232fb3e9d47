"""What the tests of the archive ask for."""

from collections.abc import Iterator

import pytest

from storage.archive.archive import Archive, open_archive
from tests.fakes.stores import AStore


@pytest.fixture
def archive(store: AStore) -> Iterator[Archive]:
    """An empty archive: each test that asks for it runs on both stores."""
    with open_archive(store.url) as archive:
        yield archive
