"""Articles in three languages, written for these tests, beside what a classifier would say of them."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta

from storage.records import Article, Evidence, Kept, Published, Strength, Subscription, Verdict

#: 07:00 in Moscow.
DAWN = datetime(2026, 3, 14, 4, 0, tzinfo=UTC)
CN_RU, SCO = "china-russia", "sco"


MORNING = Subscription(name="morning", email="reader@example.org", at=time(7, 0), zone="Europe/Moscow")


def evidence(
    article: Article, form: str, *, topic: str = CN_RU, field: str = "text", rule: str = "pair-exercise"
) -> Evidence:
    """Evidence for the first place `form` stands in, with its sentence cut out at full stops."""
    original = article.title if field == "title" else article.text
    start = original.index(form)
    if field == "title":
        return Evidence(
            topic=topic, rule=rule, form=form, field=field, start=start, end=start + len(form), sentence=original
        )
    begin = max(original.rfind(stop, 0, start) for stop in (". ", "。", "\n")) + 1
    ends = [at for stop in (". ", "。", "\n") if (at := original.find(stop, start)) >= 0]
    sentence = original[begin : min(ends, default=len(original) - 1) + 1].strip()
    return Evidence(
        topic=topic, rule=rule, form=form, field=field, start=start, end=start + len(form), sentence=sentence
    )


def kept(
    title: str = "Fleets of two countries begin an exercise",
    text: str = "Ships of both navies left port on Friday. The joint exercise lasts a week and ends with live firing.",
    *,
    id: str = "",
    outlet: str = "bay-herald",
    outlet_name: str = "Bay Herald",
    url: str = "",
    language: str = "en",
    published: Published | None = None,
    hours_ago: float = 5,
    offset_minutes: int = 480,
    origin: str = "",
    strength: Mapping[str, Strength] | None = None,
    activities: Sequence[str] = ("joint_exercise",),
    title_words: Sequence[str] = (),
    words: Sequence[str] = (),
    rule: str = "pair-exercise",
    topic: str = CN_RU,
    revision: int = 1,
    seed: bool = False,
    late: bool = False,
    first_seen: datetime | None = None,
    story: str = "",
) -> Kept:
    """An article of the archive; what is not said is ordinary."""
    slug = hashlib.sha256(f"{outlet}\n{title}\n{id}".encode()).hexdigest()[:12]
    article = Article(
        outlet=outlet,
        canonical_id=slug,
        url=url or f"https://{outlet}.example/news/{slug}",
        title=title,
        text=text,
        published=published or Published(at=DAWN - timedelta(hours=hours_ago), offset_minutes=offset_minutes),
        language=language,
        origin=origin,
    )
    found = [evidence(article, word, field="title", rule=rule, topic=topic) for word in title_words]
    found += [evidence(article, word, rule=rule, topic=topic) for word in words]
    return Kept(
        id=id or slug,
        article=article,
        verdict=Verdict(
            strength={topic: Strength.TIE} if strength is None else strength,
            activities=tuple(activities),
            evidence=tuple(found),
        ),
        first_seen=first_seen or DAWN - timedelta(hours=1),
        captured=first_seen or DAWN - timedelta(hours=1),
        revision=revision,
        matters=revision,
        text_hash=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
        story=story,
        seed=seed,
        late=late,
        outlet_name=outlet_name,
    )


PATROL = kept(
    "Chinese and Russian bombers fly ninth joint patrol over the Sea of Japan",
    "Long-range bombers of the two air forces flew a joint patrol over the Sea of Japan on Friday, the Bay Herald has "
    "learnt. Fighters of a third country followed them at a distance. A spokesman called the joint strategic patrol part "
    "of the annual cooperation plan of the Chinese and Russian militaries and said it was aimed at nobody.",
    id="a1b2c3d4e5f6",
    activities=("joint_patrol",),
    title_words=("Chinese and Russian", "joint patrol"),
    words=("joint patrol over", "joint strategic patrol", "Chinese and Russian militaries"),
    rule="joint_sea-2026",
    hours_ago=6,
)

EXERCISE_ZH = kept(
    "中俄“海上联合—2026”联合演习在湛江附近海域开幕",
    "中俄两国海军“海上联合—2026”联合演习十三日在广东湛江附近海空域开幕。双方派出十余艘水面舰艇参加此次联合演习。"
    "演习导演部介绍，两军将围绕联合防空、联合反潜等课目展开训练，进一步提高共同应对海上安全威胁的能力。",
    outlet="haifeng-daily",
    outlet_name="海风日报",
    language="zh",
    activities=("joint_exercise", "agreement"),
    title_words=("中俄", "海上联合—2026"),
    words=("中俄两国海军", "联合演习十三日", "此次联合演习", "两军"),
    rule="joint_sea-2026",
    hours_ago=3,
)

MINISTERS_RU = kept(
    "Министры обороны стран ШОС договорились о совместных учениях",
    "Министры обороны государств ШОС подписали в пятницу план сотрудничества на два года. Документ предусматривает "
    "совместное антитеррористическое учение и обмен наблюдателями, сообщает «Степной вестник». Следующая встреча пройдёт осенью.",
    outlet="stepnoy-vestnik",
    outlet_name="Степной вестник",
    language="ru",
    topic=SCO,
    strength={SCO: Strength.TIE, CN_RU: Strength.MENTION},
    activities=("senior_meeting", "agreement", "joint_exercise"),
    title_words=("ШОС",),
    words=("Министры обороны государств ШОС", "совместное антитеррористическое учение"),
    offset_minutes=345,
    hours_ago=10,
)

COLUMN = kept(
    "What the week at sea tells us",
    "The strait was calm. Observers noted in passing that Chinese and Russian officers had met before the exercise of a "
    "third country, and moved on.",
    outlet="harbour-review",
    outlet_name="Harbour Review",
    strength={CN_RU: Strength.MENTION},
    activities=("rhetoric",),
    words=("Chinese and Russian officers",),
    offset_minutes=0,
    hours_ago=20,
)
