"""Which language a text is in: by script, by letters of its own, by statistics, and only then by what is declared."""

import pytest

from scrapers.reading.language import detect, primary_tag


@pytest.mark.parametrize(
    ("text", "language"),
    [
        pytest.param("The ferry sails at dawn and the captain wakes the whole street.", "en", id="English"),
        pytest.param("Die Fähre fährt bei Tagesanbruch, und niemand kommt zu spät zum Hafen.", "de", id="German"),
        pytest.param("Паром уходит на рассвете, и никто не опаздывает", "ru", id="Russian"),
        pytest.param("Пором вирушає на світанку, і ніхто не спізнюється до її причалу", "uk", id="Ukrainian"),
        pytest.param("Паром адыходзіць на світанні, і ніхто не спазняецца ў порт", "be", id="Belarusian"),
        pytest.param("Паром таң атқанда жүзеді, ешкім кешікпейді, қала ұйқыда", "kk", id="Kazakh"),
        pytest.param("Паром таң атканда сүзөт, эч ким кечикпейт, шаар уйкуда экен", "ky", id="Kyrgyz"),
        pytest.param("Паром субҳ меравад ва ҳеҷ кас дер намемонад, шаҳр дар хоб аст", "tg", id="Tajik"),
        pytest.param("Усан онгоц үүрээр хөдөлдөг бөгөөд хэн ч хоцордоггүй", "mn", id="Mongolian"),
        pytest.param("渡轮黎明出发，没有人迟到", "zh", id="Chinese, simplified"),
        pytest.param("渡輪黎明出發，沒有人遲到", "zh", id="Chinese, traditional"),
        pytest.param("渡轮 Aurora Borealis 号 ferry 黎明出发，船长叫醒了整条街", "zh", id="Chinese with English names"),
        pytest.param("フェリーは夜明けに出発し、誰も遅れない", "ja", id="Japanese"),
        pytest.param("여객선은 새벽에 떠나고 아무도 늦지 않는다", "ko", id="Korean"),
        pytest.param("کشتی سپیده‌دم حرکت می‌کند و هیچ‌کس دیر نمی‌رسد", "fa", id="Persian"),
        pytest.param("تبحر العبارة عند الفجر ولا يتأخر أحد", "ar", id="Arabic"),
        pytest.param("فیری صبح سویرے چلتی ہے اور کوئی دیر نہیں کرتا ہے", "ur", id="Urdu"),
        pytest.param("", "", id="nothing"),
        pytest.param("12:30 / 2026", "", id="numbers alone"),
    ],
)
def test_a_text_tells_its_language(text: str, language: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize(
    ("text", "declared", "expected", "language"),
    [
        pytest.param("渡轮黎明出发，没有人迟到", "en", ("en",), "zh", id="the script overrules a copied template"),
        pytest.param(
            "The ferry sails at dawn and the captain wakes the whole street with a bell.", "zh-CN", ("zh",), "en",
            id="an English text on a Chinese site is English",
        ),
        pytest.param("Ferry", "en-GB", (), "en", id="a word alone is believed to be what the page says"),
        pytest.param("Ferry", "", ("en", "ru"), "en", id="or what the outlet usually writes"),
        pytest.param("", "zh-Hans", (), "zh", id="no text at all leaves the declaration"),
        pytest.param("Паром", "uk", (), "uk", id="a word of Cyrillic without letters of its own is what the page says"),
        pytest.param("Паром", "en", (), "ru", id="but never a language of another script"),
    ],
)  # fmt: skip
def test_a_declaration_helps_only_where_the_text_agrees(
    text: str, declared: str, expected: tuple[str, ...], language: str
) -> None:
    assert detect(text, declared=declared, expected=expected) == language


@pytest.mark.parametrize(
    ("tag", "primary"),
    [
        pytest.param("zh-Hans-CN", "zh", id="script and region are dropped"),
        pytest.param("zh_CN", "zh", id="an underscore is a hyphen"),
        pytest.param("CN", "zh", id="a country said for its language"),
        pytest.param("EN ", "en", id="case and spaces do not matter"),
        pytest.param("english", "", id="a name is no tag"),
        pytest.param("", "", id="nothing stays nothing"),
    ],
)
def test_a_tag_is_cut_to_its_language(tag: str, primary: str) -> None:
    assert primary_tag(tag) == primary
