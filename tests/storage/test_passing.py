"""What comes and goes on a page counts for nothing; what a story says does."""

import pytest

from storage.passing import passing
from storage.records import Change
from storage.revisions import compare
from tests.fakes.texts import an_article

STORY = "The navies met in the bay.\nThey will meet again."


@pytest.mark.parametrize(
    "line",
    [
        "Updated: 21 Nov 2026, 10:30 GMT",
        "Last updated at 10:30 on November 21, 2026",
        "Published 2 hours ago",
        "Обновлено: 21 ноября 2026 года, 14:05",
        "更新时间：2026年11月21日 10:30",
        "发布时间: 2026-11-21 10:30:00",
        "Views: 1,204",
        "1.2k views",
        "Просмотров: 315",
        "阅读 1024",
        "12万次阅读",
        "Shares 17",
        "3 min read",
        "By Li Wei and John A. Smith",
        "Photo: Xinhua/Li Wei",
        "Photo by Sgt. John Smith",
        "Фото: Министерство обороны РФ",
        "(Photo by Li Wei/Xinhua)",
        "（图/新华社）",
        "新华社记者 李伟 摄",
        "责任编辑：王芳",
        "记者：李伟",
        "Editor: Wang Fang",
        "Related: Tea exports grow",
        "RELATED STORIES",
        "Read more: Tea exports grow",
        "Читайте также: Экспорт чая вырос",
        "相关阅读：茶叶出口增长",
        "【纠错】",
        "Share this story",
        "Tags: navy, drill",
        "© 2026 The Gazette",
    ],
)
def test_furniture_makes_no_revision(line: str) -> None:
    assert passing(line) == [(0, len(line))]
    remembered = an_article(text=STORY)
    assert compare(remembered, an_article(text=f"{STORY}\n{line}")) is Change.SAME
    assert compare(an_article(text=f"{line}\n{STORY}"), remembered) is Change.SAME


@pytest.mark.parametrize(
    "line",
    [
        "By sea and by land the two armies moved east.",
        "By Monday the ships had left harbour.",
        "The ministry updated its plan on Monday.",
        "Updated plans foresee ten ships.",
        "Photographs of the drill were shown to both ministers.",
        "Related exercises were held in 2024.",
        "View of the bay: two ships.",
        "Reads like a threat, said the minister.",
        "12 ships",
        "March 2026",
        "编辑部认为此次演习规模空前。",
        "分享情报是双方合作的重点。",
        "更新装备是首要任务。",
        "Фотографии учений опубликованы.",
        "Источник в министерстве сообщил о семи кораблях.",
        "In May they march.",
        "marmarmarmarmarmarmarmarmarmarmarmarmarmarmarmarmarmar!",
    ],
)
def test_a_line_of_the_story_does(line: str) -> None:
    assert passing(line) == []
    assert compare(an_article(text=STORY), an_article(text=f"{STORY}\n{line}")) is Change.REVISED


def test_a_note_in_brackets_passes_and_the_sentence_around_it_stays() -> None:
    before, after = "It opens. (Updated at 10:30 GMT) It shuts.", "It opens. (Updated at 11:45 GMT) It shuts."
    [(start, end)] = passing(before)
    assert before[start:end] == "(Updated at 10:30 GMT)"
    assert compare(an_article(text=before), an_article(text=after)) is Change.SAME
    assert compare(an_article(text=before), an_article(text=after.replace("shuts", "sinks"))) is Change.REVISED
