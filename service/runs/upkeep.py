"""Whether the house is in order: settings, disk, archive, index, seeds, mail, each looked at and told in one line."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from service.assembly import Service
from service.runs.nightly import backups_in
from service.runs.nightly import folder_of as backups_folder
from storage.errors import StorageError
from storage.search.errors import QueryError
from storage.search.query import parse_query

#: Less free space than this fills up within days.
LEAST_FREE = 500_000_000
#: A nightly backup older than this was followed by none.
LATE_BACKUP = timedelta(days=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at."""

    what: str
    #: ok, warn (works, but look at it) or bad.
    state: str
    says: str

    def as_json(self) -> dict[str, str]:
        return {"what": self.what, "state": self.state, "says": self.says}


def look_over(service: Service) -> list[Finding]:
    """Every check in turn; one that breaks is itself a finding."""
    return [finding for check in _CHECKS for finding in _safely(check, service)]


def _safely(check: Callable[[Service], Iterator[Finding]], service: Service) -> list[Finding]:
    try:
        return list(check(service))
    except StorageError as why:
        return [Finding(what=check.__name__.strip("_"), state="bad", says=f"could not be looked at: {why}")]
    except Exception as why:  # a doctor who faints tells nothing
        return [Finding(what=check.__name__.strip("_"), state="bad", says=f"could not be looked at: {why!r}")]


def _disk(service: Service) -> Iterator[Finding]:
    free = shutil.disk_usage(service.settings.data_dir).free
    state = "ok" if free > LEAST_FREE else "warn"
    yield Finding(what="data folder", state=state, says=f"{service.settings.data_dir}, {free / 1e9:.1f} GB free")


def _archive(service: Service) -> Iterator[Finding]:
    articles = service.archive.articles
    says = f"{articles.count()} articles, {articles.count(matched_only=True)} with a topic, in {service.archive.where}"
    yield Finding(what="archive", state="ok", says=says)


def _index(service: Service) -> Iterator[Finding]:
    service.index.catch_up()
    found = service.index.search(parse_query(""), limit=0, now=service.clock()).total
    kept = service.archive.articles.count()
    if found == kept:
        yield Finding(what="index", state="ok", says=f"{found} articles findable")
    else:
        remedy = "run `entente index rebuild`, nothing is lost"
        yield Finding(what="index", state="bad", says=f"{found} of {kept} articles findable: {remedy}")


def _stories(service: Service) -> Iterator[Finding]:
    stories, articles = service.archive.stories.count()
    waiting = max(0, service.archive.articles.last_change() - service.archive.stories.up_to())
    says = f"{stories} told more than once, by {articles} articles"
    if waiting:
        says += f"; about {waiting} articles wait for their place: the service finds it, or `entente stories rebuild`"
    yield Finding(what="stories", state="ok", says=says)


def _outlets(service: Service) -> Iterator[Finding]:
    states = service.archive.points.all()
    failing = sorted({state.outlet for state in states if state.failures >= 3})
    says = f"{len(service.outlets)} visited of {len(service.all_outlets)} known"
    if failing:
        says += f"; failing three times or more: {', '.join(failing)}"
    yield Finding(what="outlets", state="warn" if failing else "ok", says=says)


def _revisits(service: Service) -> Iterator[Finding]:
    due = service.archive.revisits.count_due(now=service.clock())
    gone = service.index.search(parse_query("gone:yes"), limit=0, now=service.clock()).total
    yield Finding(what="revisits", state="ok", says=f"{due} articles due to be visited again, {gone} pages gone")


def _topics(service: Service) -> Iterator[Finding]:
    yield Finding(what="topics", state="ok", says=f"rules {service.rules.version}")


def _seeds(service: Service) -> Iterator[Finding]:
    seeds = service.archive.seeds.list()
    kept = service.archive.articles.many([f"seed-{seed.key}" for seed in seeds]).values()
    with_text = sum(1 for seed in kept if not seed.article.summary_only)
    says = f"{len(seeds)} records, {with_text} with full text from {service.settings.seed_dir}"
    yield Finding(
        what="seed archive", state="ok" if seeds else "warn", says=says if seeds else "loaded when the service starts"
    )


def _contact(service: Service) -> Iterator[Finding]:
    if service.settings.contact:
        yield Finding(what="contact", state="ok", says=service.settings.contact)
    else:
        says = "set ENTENTE_CONTACT to an address outlets can write to: it is sent with every request"
        yield Finding(what="contact", state="warn", says=says)


def _mail(service: Service) -> Iterator[Finding]:
    if service.settings.smtp_url.get_secret_value():
        yield Finding(what="mail", state="ok", says="by SMTP")
    else:
        yield Finding(
            what="mail", state="ok", says=f"no ENTENTE_SMTP_URL: .eml files in {service.settings.data_dir / 'outbox'}"
        )


def _backups(service: Service) -> Iterator[Finding]:
    folder, days = backups_folder(service.settings), service.settings.backup_days
    kept = backups_in(folder)
    if days == 0:
        yield Finding(what="backups", state="ok", says="none at night: ENTENTE_BACKUP_DAYS is 0")
    elif not kept:
        yield Finding(what="backups", state="ok", says=f"none yet: a running service makes one every night in {folder}")
    else:
        newest, late = kept[-1][0], service.clock().date() - kept[-1][0] > LATE_BACKUP
        says = f"{len(kept)} in {folder}, the newest of {newest}"
        if late:
            says += ": see why there is no newer one in the log of the service, or at /readyz"
        yield Finding(what="backups", state="warn" if late else "ok", says=says)


def _subscriptions(service: Service) -> Iterator[Finding]:
    for asked in service.archive.subscriptions.list():
        try:
            parse_query(asked.query)
        except QueryError as why:
            yield Finding(what=f"subscription {asked.name}", state="bad", says=f"its query cannot be read: {why}")


_CHECKS: tuple[Callable[[Service], Iterator[Finding]], ...] = (
    _disk,
    _archive,
    _index,
    _stories,
    _outlets,
    _revisits,
    _topics,
    _seeds,
    _contact,
    _mail,
    _backups,
    _subscriptions,
)
