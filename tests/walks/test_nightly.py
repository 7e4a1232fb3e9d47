"""The nightly backup of a running service: once a night, kept for a week, told when it fails."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from service.assembly import Service
from service.runs.nightly import backups_in, latest_slot
from service.runs.upkeep import look_over
from tests.fakes.house import Clock, a_service
from tests.fakes.reading_room import pages_of
from tests.fakes.texts import a_verdict, an_article

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def clock() -> Clock:
    return Clock(NOON)


@pytest.fixture
def service(tmp_path: Path, clock: Clock) -> Iterator[Service]:
    with a_service(tmp_path, clock=clock) as built:
        built.archive.articles.keep(an_article(), a_verdict(), now=NOON)
        yield built


def days(service: Service) -> list[str]:
    return [f"{made:%m-%d}" for made, _ in backups_in(service.settings.data_dir / "backups")]


def state(service: Service) -> tuple[str, str]:
    [found] = [finding for finding in look_over(service) if finding.what == "backups"]
    return found.state, found.says


@pytest.mark.parametrize(
    ("now", "slot"),
    [
        pytest.param(NOON, NOON.replace(hour=3), id="at noon it was tonight"),
        pytest.param(NOON.replace(hour=3), NOON.replace(hour=3), id="at three it is now"),
        pytest.param(NOON.replace(hour=2), NOON.replace(hour=3) - DAY, id="before three it was yesterday"),
    ],
)
def test_the_last_time_it_was_three(now: datetime, slot: datetime) -> None:
    assert latest_slot(now, "03:00") == slot


def test_one_is_made_a_night_and_kept_for_a_week(service: Service, clock: Clock) -> None:
    assert state(service)[0] == "ok"
    made = []
    for _ in range(9 * 4):
        made.append(service.nightly.run() is not None)
        clock.now += timedelta(hours=6)
    assert sum(made) == 9 + 1, "the first at once, and then one a night"
    assert days(service) == ["11-24", "11-25", "11-26", "11-27", "11-28", "11-29", "11-30"]
    assert state(service)[0] == "ok"


def test_what_has_another_name_is_never_removed(service: Service, clock: Clock) -> None:
    folder = service.settings.data_dir / "backups"
    folder.mkdir()
    others = ["entente-before-upgrade.zip", "entente-2020-13-45.zip", "holiday-2020-01-01.zip"]
    for name in [*others, "entente-2020-01-01.zip"]:
        (folder / name).write_bytes(b"mine")
    clock.now += DAY
    assert service.nightly.run()
    assert {path.name for path in folder.iterdir()} == {*others, "entente-2026-11-22.zip"}


def test_one_that_fails_is_told_leaves_the_old_ones_and_is_tried_again(service: Service, clock: Clock) -> None:
    for _ in range(3):
        assert service.nightly.run()
        clock.now += DAY
    clock.now += 9 * DAY
    in_the_way = service.settings.data_dir / "backups" / f"entente-{clock.now:%Y-%m-%d}.zip"
    in_the_way.symlink_to("nowhere")
    assert service.nightly.run() is None
    assert days(service)[:3] == ["11-21", "11-22", "11-23"]
    with pages_of(service) as base, httpx.Client(base_url=base, trust_env=False) as site:
        ready = site.get("/readyz")
        assert (ready.status_code, ready.json()["status"]) == (200, "ready")
        assert "is there already" in ready.json()["backup_failed"]
        in_the_way.unlink()
        assert service.nightly.run() is None, "a full disk is not filled again at once"
        assert state(service)[0] == "warn"
        assert "/readyz" in state(service)[1]
        clock.now += timedelta(hours=1)
        assert service.nightly.run() == in_the_way
        assert "backup_failed" not in site.get("/readyz").json()
    assert days(service) == [f"{clock.now:%m-%d}"]


def test_a_service_that_stops_does_not_wait_for_its_backup(service: Service) -> None:
    service.stop.set()
    assert service.nightly.run() is None
    assert service.nightly.failed == ""
    assert list((service.settings.data_dir / "backups").iterdir()) == []


def test_whoever_wants_none_gets_none(tmp_path: Path, clock: Clock) -> None:
    with a_service(tmp_path, clock=clock, backup_days="0") as service:
        assert service.nightly.run() is None
        assert not (tmp_path / "backups").exists()
        assert state(service) == ("ok", "none at night: ENTENTE_BACKUP_DAYS is 0")
