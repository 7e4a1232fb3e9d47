"""Subscriptions: one name, one saved search; due times live on rows."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from storage.archive.archive import Archive
from storage.errors import DuplicateSubscription, UnknownSubscription
from storage.records import Subscription, WhenEmpty

NOW = datetime(2024, 7, 2, 7, 0, tzinfo=UTC)
MORNING = Subscription(
    name="morning",
    email="reader@example.test",
    query='topic:sco "联合军演" OR учение',
    at=time(7, 30),
    zone="Asia/Singapore",
    days=("mon", "thu"),
    when_empty=WhenEmpty.SKIP,
    next_due=NOW,
    since=NOW - timedelta(days=3),
)


def test_a_subscription_comes_back_as_it_was_added(archive: Archive) -> None:
    plain = Subscription(name="evening", email="e@example.test")
    archive.subscriptions.add(MORNING)
    archive.subscriptions.add(plain)
    assert archive.subscriptions.get("morning") == MORNING
    assert archive.subscriptions.list() == [plain, MORNING]


def test_a_name_is_given_once(archive: Archive) -> None:
    archive.subscriptions.add(MORNING)
    with pytest.raises(DuplicateSubscription, match=r"'morning' already.*entente subscription remove morning"):
        archive.subscriptions.add(replace(MORNING, email="other@example.test"))
    assert archive.subscriptions.list() == [MORNING]


@pytest.mark.parametrize("call", ["get", "remove", "pause"])
def test_an_unknown_name_is_told_with_those_it_may_have_meant(archive: Archive, call: str) -> None:
    archive.subscriptions.add(MORNING)
    asked = {"pause": ("mornign", True)}.get(call, ("mornign",))
    with pytest.raises(UnknownSubscription, match=r"'mornign'\. Did you mean 'morning'\?") as told:
        getattr(archive.subscriptions, call)(*asked)
    assert told.value.near == ("morning",)


def test_an_unknown_name_like_no_other_is_told_without_a_guess(archive: Archive) -> None:
    with pytest.raises(UnknownSubscription, match=r"named 'x'\. See them all with: entente subscription list"):
        archive.subscriptions.get("x")


def test_what_is_due_comes_longest_due_first(archive: Archive) -> None:
    for name, hours in (("b", 0), ("a", -1), ("later", 1), ("paused", -2)):
        archive.subscriptions.add(replace(MORNING, name=name, next_due=NOW + timedelta(hours=hours)))
    archive.subscriptions.add(replace(MORNING, name="never", next_due=None))
    archive.subscriptions.pause("paused", True)
    assert [due.name for due in archive.subscriptions.due(NOW)] == ["a", "b"]

    archive.subscriptions.move_due("a", NOW + timedelta(days=1))
    archive.subscriptions.pause("paused", False)
    assert [due.name for due in archive.subscriptions.due(NOW)] == ["paused", "b"]


def test_a_subscription_removed_in_the_middle_of_a_run_is_passed_by(archive: Archive) -> None:
    archive.subscriptions.move_due("gone", NOW)
    assert archive.subscriptions.list() == []
