"""The measure of extraction, and what reading reaches by it on real pages and on ours."""

from pathlib import Path

import pytest

from benchmarks.extraction import Figures, Score, figures, ours, own_samples, passages, samples, score, titles_and_days


@pytest.mark.parametrize(
    ("reference", "output", "language", "expected"),
    [
        pytest.param("a b c d e", "a b c d e", "en", Score(2, 0, 0), id="the same text"),
        pytest.param("a b c d e", "a b c d x", "en", Score(1, 1, 1), id="the last word differs"),
        pytest.param("a b", "a b", "en", Score(1, 0, 0), id="a short text is one shingle"),
        pytest.param("a b c d", "", "en", Score(0, 0, 1), id="nothing was found"),
        pytest.param("军演开始了", "军演开始了", "zh", Score(2, 0, 0), id="a Han character is a word"),
        pytest.param("a b c d a b c d", "a b c d", "en", Score(1, 0, 4), id="what stands twice counts twice"),
    ],
)
def test_a_page_is_scored_by_its_shingles(reference: str, output: str, language: str, expected: Score) -> None:
    assert score(reference, output, language) == expected


def test_pages_without_output_cost_recall_and_not_precision() -> None:
    assert figures([Score(3, 1, 0), Score(0, 0, 4)]) == Figures(0.75, 0.5, 0.6)


def test_our_own_pages_are_read_without_selectors_too() -> None:
    known = {"lighthouse_en", "snowplough_ru", "tea_road_zh", "agency_en", "year_2569_en", "gbk_zh"}
    pages = [sample for sample in own_samples() if sample.name in known]
    assert len(pages) == len(known)
    assert figures(score(page.reference, ours(page.page), page.language) for page in pages).f1 >= 0.95


def test_real_pages_are_read_as_people_read_them(shared: Path) -> None:
    pages = list(samples(shared, "aeb"))
    assert len(pages) == 67
    assert figures(score(page.reference, ours(page.page), page.language) for page in pages).f1 >= 0.95


@pytest.mark.parametrize(
    ("folder", "least"),
    [
        pytest.param("zh", 0.95, id="Chinese outlets"),
        pytest.param("asia", 0.95, id="Asian outlets"),
        pytest.param("fundus", 0.94, id="papers of many countries"),
        pytest.param("encodings", 0.97, id="GBK and windows-1251, whatever they declare"),
    ],
)
def test_other_real_pages_stay_as_well_read_as_they_are(shared: Path, folder: str, least: float) -> None:
    pages = samples(shared, folder)
    assert figures(score(page.reference, ours(page.page), page.language) for page in pages).f1 >= least


def test_an_old_encoding_changes_nothing_but_the_bytes(shared: Path) -> None:
    texts = {page.name: ours(page.page) for folder in ("encodings", "zh", "fundus") for page in samples(shared, folder)}
    twins = {
        "zh/gne_people_1.html-gbk": "zh/gne_people_1.html",
        "encodings/ru_Kommersant_2025_05_14": "fundus/Kommersant_2025_05_14.html.gz",
        "encodings/cn_People_2024_04_24": "fundus/People_2024_04_24.html.gz",
    }
    assert {name: texts[name] for name in twins} == {name: texts[twin] for name, twin in twins.items()}


def test_passages_that_matter_are_found_and_furniture_is_not(shared: Path) -> None:
    cases = [(ours(page), must, must_not) for page, must, must_not in passages(shared)]
    wanted = [passage in text for text, must, _ in cases for passage in must]
    unwanted = [passage in text for text, _, must_not in cases for passage in must_not]
    assert sum(wanted) / len(wanted) >= 0.85
    assert sum(unwanted) / len(unwanted) <= 0.2


def test_titles_and_days_are_those_people_wrote_down(shared: Path) -> None:
    titles, days = titles_and_days(shared)
    assert titles >= 0.8
    assert days >= 0.88
