"""New, revised or the same: what a reader would notice counts, what a typesetter does is not news."""

from datetime import UTC, datetime

import pytest

from storage.records import Article, Basis, Change, Published
from storage.revisions import compare, hash_of, revise
from tests.fakes.texts import an_article

KEPT = an_article(title="The bridge opens", text="It opens on Monday.")
MORNING = Published(at=datetime(2024, 7, 2, 1, 0, tzinfo=UTC), offset_minutes=480)
EVENING = Published(at=datetime(2024, 7, 2, 11, 0, tzinfo=UTC), offset_minutes=480)
DAY = Published(at=datetime(2024, 7, 1, 16, 0, tzinfo=UTC), offset_minutes=480, basis=Basis.ADDRESS, has_time=False)


def seen(text: str, title: str = KEPT.title, *, summary_only: bool = False) -> Article:
    return an_article(title=title, text=text, summary_only=summary_only)


@pytest.mark.parametrize(
    ("remembered", "article", "change"),
    [
        pytest.param(None, seen("It opens on Monday."), Change.NEW, id="never seen"),
        pytest.param(KEPT, seen("It opens on Monday."), Change.SAME, id="seen, nothing moved"),
        pytest.param(KEPT, seen("it  opens\non MONDAY."), Change.SAME, id="seen, only the typesetting moved"),
        pytest.param(KEPT, seen("It opens on Tuesday."), Change.REVISED, id="seen, one word moved"),
        pytest.param(KEPT, seen(KEPT.text, "The bridge shuts"), Change.REVISED, id="seen, another headline"),
        pytest.param(KEPT, seen(KEPT.text, "THE BRIDGE OPENS"), Change.SAME, id="seen, the headline in capitals"),
        pytest.param(
            seen("«Мост» — открыт"),
            seen('"Мост" - открыт'),
            Change.SAME,
            id="Russian quotes and dashes are typesetting",
        ),
        pytest.param(seen("учёба"), seen("учеба"), Change.SAME, id="ё set as е is typesetting"),
        pytest.param(
            seen("两国海军\n举行军演"), seen("两国海军举行军演"), Change.SAME, id="Chinese lines broken elsewhere"
        ),
        pytest.param(
            seen("两国海军举行军演"), seen("兩國海軍舉行軍演"), Change.SAME, id="the same in traditional script"
        ),
        pytest.param(seen("两国海军举行军演"), seen("三国海军举行军演"), Change.REVISED, id="one Han character moved"),
        pytest.param(
            KEPT, seen("It opens.", summary_only=True), Change.SAME, id="a summary never replaces a full text"
        ),
        pytest.param(KEPT, seen("  "), Change.SAME, id="nor does an empty page"),
        pytest.param(seen("It opens.", summary_only=True), KEPT, Change.REVISED, id="a full text replaces a summary"),
        pytest.param(
            seen("It opens.", summary_only=True),
            seen("It shuts.", summary_only=True),
            Change.REVISED,
            id="a summary replaces a summary",
        ),
    ],
)
def test_compare(remembered: Article | None, article: Article, change: Change) -> None:
    assert compare(remembered, article) is change


@pytest.mark.parametrize(
    ("remembered", "now", "stands"),
    [
        pytest.param(MORNING, EVENING, MORNING, id="a correction does not make old news young"),
        pytest.param(None, EVENING, EVENING, id="a time found later fills a gap"),
        pytest.param(DAY, MORNING, MORNING, id="a time of day replaces a mere day"),
        pytest.param(MORNING, DAY, MORNING, id="a mere day replaces nothing"),
        pytest.param(MORNING, None, MORNING, id="a time once read is not lost"),
    ],
)
def test_the_published_time_of_a_revision(
    remembered: Published | None, now: Published | None, stands: Published | None
) -> None:
    assert revise(an_article(published=remembered), an_article(published=now)).published == stands


def test_a_revision_takes_the_text_and_keeps_identity_and_address() -> None:
    before = an_article(canonical_id="bridge", byline="Li Wei", language="en")
    after = an_article(canonical_id="bridge", url="https://mirror.test/b", title="Corrected", text="New.", byline="")
    held = revise(before, after)
    assert (held.title, held.text) == ("Corrected", "New.")
    assert (held.canonical_id, held.url, held.byline) == ("bridge", before.url, "Li Wei")


def test_a_reprint_in_other_type_has_the_same_hash() -> None:
    assert hash_of("The “bridge”\nopens") == hash_of('the "Bridge" opens')
    assert hash_of("The bridge opens") != hash_of("The bridge shuts")
