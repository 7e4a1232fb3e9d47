"""Read what Entente knows of outlets: the files beside this module, then the operator's, which add to or replace them by key.

YAML walks in, `storage.records.Outlet` values walk out; no network, no clock. `service` and tests import this module; the
fields of a file are explained in `docs/outlets.md`.
"""

from collections.abc import Iterator
from pathlib import Path

from scrapers.outlets.complaints import Complaint, OutletFileError
from scrapers.outlets.documents import Lined, read_documents
from scrapers.outlets.fields import Fields
from scrapers.outlets.outlet import read_outlet
from storage.records import Outlet

_SHIPPED = Path(__file__).parent
#: Fields that are promises to an outlet or cost us its pages when forgotten: a file that replaces a shipped one keeps them
#: unless it says otherwise, as long as it speaks of the same hosts.
_KEPT = ("delay_seconds", "patience_minutes", "read_from_feed", "page_url")


def read_outlets(*, extra: Path | None = None) -> tuple[Outlet, ...]:
    """Every outlet, sorted by key: the shipped ones and those of `extra`, a folder of .yaml files or one such file.

    An outlet of `extra` that names its `hosts` is whole and takes the place of the shipped one of that key; one that names none
    adjusts it: the fields given win. Raises OutletFileError with every fault of every file, and then nothing is read.
    """
    complaints: list[Complaint] = []
    given = {_key(found): (file, found) for file, found in _files(_SHIPPED, complaints)}
    own: dict[str, str] = {}
    for file, found in _files(extra, complaints) if extra else ():
        key = _key(found)
        if not key or key in own:
            # Faulty in any case, but it keeps a place, so that its other faults are told with the rest.
            given[f"{key} {len(given)}"] = (file, found)
        else:
            given[key] = (file, _laid_over(found, given[key][1]) if key in given else found)
        if key and key in own:
            line = found.lines["id"]
            complaints.append(Complaint(file, line, key, "id", f"already used in {own[key]}", "keep one of the two"))
        own[key] = file
    outlets = [read_outlet(Fields(found, file, complaints, _key(found))) for _, (file, found) in sorted(given.items())]
    if complaints:
        raise OutletFileError(sorted(complaints, key=lambda one: (one.file, one.line)))
    return tuple(outlets)


def _files(folder: Path, complaints: list[Complaint]) -> Iterator[tuple[str, Lined]]:
    """Each outlet written in the folder's YAML files, with the name of its file."""
    paths = [folder] if folder.is_file() else sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")])
    if not folder.exists():
        complaints.append(Complaint(str(folder), 1, what="there is no such folder", remedy="make it or name another"))
    for path in paths:
        try:
            text = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
            complaints.append(
                Complaint(path.name, 1, what=f"cannot be read: {reason}", remedy="make it readable, in UTF-8")
            )
            continue
        for found in read_documents(text, file=path.name, complaints=complaints):
            yield path.name, found


def _key(found: Lined) -> str:
    key = found.get("id")
    return key.strip() if isinstance(key, str) else ""


def _laid_over(found: Lined, shipped: Lined) -> Lined:
    if "hosts" not in found:
        return found.over(shipped)
    if not set(_hosts(found)) & set(_hosts(shipped)):
        return found
    kept = Lined(found.line)
    kept.update({field: shipped[field] for field in _KEPT if field in shipped})
    return found.over(kept)


def _hosts(found: Lined) -> list[str]:
    hosts = found["hosts"]
    return [host for host in hosts if isinstance(host, str)] if isinstance(hosts, list) else []
