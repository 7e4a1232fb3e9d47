"""Small registers and articles about events: what a test does not name is made up."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from storage.events.reading import register_of
from storage.events.register import Register
from storage.records import Kept, Published, Strength
from tests.fakes.articles import kept

WORDS = """
groups: {sco6: [cn, ru, kz, kg, tj, uz]}
places:
  moscow: {capital: true, en: [Moscow], ru: [Москва], zh: [莫斯科]}
  shikoku: {en: [Shikoku], ru: [Сикоку], zh: [四国]}
  vladivostok: {en: [Vladivostok], ru: [Владивосток], zh: [符拉迪沃斯托克]}
  sanya: {en: [Sanya], ru: [Санья], zh: [三亚]}
states:
  cn: {en: [China, Chinese], zh: [中国]}
  ru: {en: [Russia, Russian], zh: [俄罗斯]}
  ir: {en: [Iran, Iranian], ru: [Иран, иранский], zh: [伊朗]}
  kz: {en: [Kazakhstan]}
  kg: {en: [Kyrgyzstan]}
  tj: {en: [Tajikistan]}
  uz: {en: [Uzbekistan]}
people:
  dong_jun: {en: [Dong Jun], ru: [Дун Цзюнь], zh: [董军]}
  belousov: {en: [Belousov], ru: [Белоусов], zh: [别洛乌索夫]}
acts:
  bombers: {en: [bomber, air patrol], ru: [бомбардировщик, воздушное патрулирование], zh: [轰炸机, 空中战略巡航]}
  warships: {en: [warship, navy, ship], ru: [корабль], zh: [舰艇, 海军]}
  launches: {rare: true, en: [missile launch]}
"""

SERIES = """
series:
  joint_sea: {activity: joint_exercise, topics: [china-russia], who: [cn, ru], told: [warships], en: "Joint Sea-{year}",
    ru: "Морское взаимодействие-{year}", zh: "海上联合-{year}"}
  belt: {activity: joint_exercise, topics: [china-russia], who: [cn, ru, ir], told: [warships], en: "Belt {year}"}
  air_patrol: {activity: joint_patrol, topics: [china-russia], who: [cn, ru], told: [bombers], en: "{nth} joint bomber patrol"}
"""

EVENTS = """
events:
  joint_sea-2015I: {date: 2015-05-11/2015-05-21}
  joint_sea-2015II: {date: 2015-08-20/2015-08-28, places: [vladivostok]}
  joint_sea-2025: {date: 2025-08-01/2025-08-05, places: [vladivostok]}
  belt-2026: {date: 2026-02, confidence: med}
  air_patrol-9: {date: 2024-11-29/2024-11-30}
  air_patrol-10: {date: 2025-12-09, places: [shikoku]}
  launch_agreement-2020: {date: 2020-12-15, activity: agreement, topics: [china-russia], who: [cn, ru], places: [moscow],
    told: [launches], en: Launches, basis: recall}
  call-2026: {date: 2026-01-27, activity: senior_meeting, topics: [china-russia], who: [cn, ru], places: [moscow],
    people: [dong_jun, belousov], en: Dong Jun and Belousov}
  ministers-2006: {date: 2006-04-26, activity: senior_meeting, topics: [sco], who: [sco6], places: [moscow],
    told: [warships], en: Ministers, confidence: low}
"""


def a_register(*more: str) -> Register:
    """A register of nine events, and what else is written."""
    texts = [("words.yaml", WORDS), ("series.yaml", SERIES), ("register.yaml", EVENTS)]
    return register_of([*texts, *((f"more-{number}.yaml", text) for number, text in enumerate(more, start=1))])


def told(
    title: str,
    day: str | None,
    *activities: str,
    text: str = "",
    id: str = "a",
    topic: str = "china-russia",
    strength: Strength = Strength.TIE,
    events: Sequence[str] = (),
    hours: int = 0,
    **over: Any,
) -> Kept:
    """An article published on `day`, by the clock of an outlet `hours` east of Greenwich."""
    at = datetime.fromisoformat(day).replace(tzinfo=UTC) - timedelta(hours=hours) if day else None
    published = Published(at=at, offset_minutes=hours * 60) if at else None
    return kept(
        id,
        text,
        title=title,
        published=published,
        strength={topic: strength},
        activities=activities,
        events=events,
        **over,
    )
