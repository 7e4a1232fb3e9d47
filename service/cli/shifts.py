"""A back-test as it is printed: what came out walks in, plain JSON or text walks out. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from service.cli import shown
from service.runs.backtesting import KINDS, Backtest, Shift

_SIGNS = {"gained": "+", "lost": "-", "changed": "~"}


def document(result: Backtest) -> dict[str, Any]:
    """Under each kind the articles shown; `counts` is over all of them."""
    counts: dict[str, dict[str, dict[str, int]]] = {}
    for (topic, kind, strength), count in sorted(result.counts.items()):
        counts.setdefault(topic, {name: {} for name in KINDS})[kind][strength] = count
    return {
        "tested": result.tested,
        "candidates": result.candidates,
        "counts": counts,
        **{kind: [_shift(shift) for shift in result.shown[kind]] for kind in KINDS},
    }


def _shift(shift: Shift) -> dict[str, Any]:
    return {
        "id": shift.id,
        "url": shift.article.url,
        "title": shift.article.title,
        "outlet": shift.article.outlet,
        "published": shown.published(shift.article.published),
        "language": shift.article.language,
        "topic": shift.topic,
        "before": shift.before.value if shift.before else None,
        "after": shift.after.value if shift.after else None,
        "activities_before": list(shift.activities_before),
        "activities_after": list(shift.activities_after),
        "evidence": [shown.evidence(piece) for piece in shift.evidence],
    }


def for_people(result: Backtest, measured: Mapping[str, Mapping[str, Any]]) -> str:
    totals = ", ".join(f"{result.total(kind)} {kind}" for kind in KINDS)
    lines = [f"{result.tested} articles tried, {result.candidates} of them read: {totals}"]
    if result.candidates * 2 > result.tested > 0:
        lines.append("The change is wide: most of the archive had to be read.")
    lines += _counted(result)
    for kind in KINDS:
        for shift in result.shown[kind]:
            lines += _told(shift)
        if rest := result.total(kind) - len(result.shown[kind]):
            lines.append(f"  … and {rest} more {kind}: see them with --limit")
    for name, its in measured.items():
        lines += _rates(name, its) if its else []
    return "\n".join(lines)


def _counted(result: Backtest) -> Iterator[str]:
    by_topic = Counter[tuple[str, str]]()
    for (topic, kind, _), count in result.counts.items():
        by_topic[topic, kind] += count
    for topic in sorted({topic for topic, _ in by_topic}):
        yield f"  {topic}: " + ", ".join(f"{by_topic[topic, kind]} {kind}" for kind in KINDS)


def _told(shift: Shift) -> Iterator[str]:
    before, after = shift.before or "none", shift.after or "none"
    yield ""
    yield f"{_SIGNS[shift.kind]} {shift.topic}: {before} → {after}  {shift.article.title}"
    yield f"  {shift.id}, {shift.article.outlet}, {shift.at:%Y-%m-%d}"
    if shift.activities_before != shift.activities_after:
        yield f"  {', '.join(shift.activities_before) or 'nothing done'} → {', '.join(shift.activities_after) or 'nothing done'}"
    yield from (f"    {e.rule}: «{e.form}» in: {' '.join(e.sentence.split())}" for e in shift.evidence)


def _rates(name: str, measured: Mapping[str, Any]) -> Iterator[str]:
    yield ""
    head = f"{name}, {measured['texts']} texts"
    yield f"{head:<28}" + " ".join(f"{rate:>9}" for rate in _RATES) + "    by the rules that run:"
    for topic, rates in measured["topics"].items():
        running = measured["running"].get(topic, {})
        cells = [*(rates[rate] for rate in _RATES), *(running.get(rate) for rate in _RATES)]
        yield f"  {topic:<26}" + " ".join("        -" if cell is None else f"{cell:9.3f}" for cell in cells)


_RATES = ("precision", "recall", "f1")
