"""Bytes become the text they were written as, whatever header, document and outlet say of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.parsing.decoding import known_codec, to_page
from scrapers.parsing.plausibility import plausibility

RUSSIAN = (
    "Корабли двух флотов вышли из порта на рассвете. По словам начальника гавани, совместное учение «Тихое море» продлится "
    "четыре дня, а на берегу соберутся гости из шести стран. Паром в эти дни ходить не будет."
)
#: Without the quotes that KOI8-R and iso-8859-5 do not have.
PLAIN_RUSSIAN = RUSSIAN.replace("«", '"').replace("»", '"')
CHINESE = (
    "两国海军的舰艇清晨离开港口。港务负责人表示，代号为“静海”的联合演习将持续四天，六个国家的客人将在岸上观看。"
    "在此期间渡轮停止运行，新的时间表下周公布。"
)
TRADITIONAL = (
    "兩國海軍的艦艇清晨離開港口。港務負責人表示，聯合演習將持續四天，六個國家的客人將在岸上觀看，新的時間表下週公布。"
)
JAPANESE = "両国の艦艇は夜明けに港を出た。港の責任者によると、共同訓練は四日間続き、その間フェリーは運休となる。"
KOREAN = "두 나라의 함정이 새벽에 항구를 떠났다. 항구 책임자는 공동 훈련이 나흘 동안 이어지고 그 기간에는 배가 다니지 않는다고 말했다."
FRENCH = (
    "Les navires ont quitté le port à l'aube ; la croisière d'été est repoussée jusqu'à lundi, a déclaré le préfet."
)


def page(text: str, declared: str = "") -> str:
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">' if declared else ""
    return f"<html><head>{meta}<title>x</title></head><body><p>{text}</p></body></html>"


@pytest.mark.parametrize(
    ("text", "encoding", "header", "declared"),
    [
        pytest.param(CHINESE, "utf-8", "", "", id="UTF-8 that says nothing"),
        pytest.param(CHINESE, "gb18030", "", "gb2312", id="gb18030 called gb2312, as people.com.cn does"),
        pytest.param(CHINESE + "镕囍", "gb18030", "", "gb2312", id="characters beyond gb2312 under its name"),
        pytest.param(CHINESE, "utf-8", "", "gb2312", id="UTF-8 called gb2312"),
        pytest.param(CHINESE, "gb18030", "utf-8", "", id="gb18030 whose header says utf-8"),
        pytest.param(CHINESE, "gb18030", "utf-8", "gb2312", id="gb18030 whose header and page disagree"),
        pytest.param(CHINESE, "gb18030", "iso-8859-1", "", id="gb18030 under a server's default header"),
        pytest.param(CHINESE, "gb18030", "", "", id="gb18030 that says nothing"),
        pytest.param(TRADITIONAL, "big5hkscs", "", "big5", id="Big5"),
        pytest.param(TRADITIONAL, "big5hkscs", "", "", id="Big5 that says nothing"),
        pytest.param(TRADITIONAL, "big5hkscs", "gb2312", "", id="Big5 called gb2312"),
        pytest.param(RUSSIAN, "cp1251", "", "windows-1251", id="windows-1251"),
        pytest.param(RUSSIAN, "cp1251", "", "", id="windows-1251 that says nothing"),
        pytest.param(RUSSIAN, "cp1251", "", "koi8-r", id="windows-1251 called KOI8-R"),
        pytest.param(PLAIN_RUSSIAN, "koi8-r", "windows-1251", "", id="KOI8-R called windows-1251"),
        pytest.param(PLAIN_RUSSIAN, "koi8-r", "", "koi8-r", id="KOI8-R"),
        pytest.param(PLAIN_RUSSIAN, "iso8859-5", "", "iso-8859-5", id="iso-8859-5"),
        pytest.param(RUSSIAN, "utf-8", "windows-1251", "windows-1251", id="UTF-8 that all call windows-1251"),
        pytest.param(JAPANESE, "cp932", "", "shift_jis", id="Shift-JIS"),
        pytest.param(JAPANESE, "euc_jp", "", "euc-jp", id="EUC-JP"),
        pytest.param(JAPANESE, "iso2022_jp", "", "iso-2022-jp", id="seven-bit Japanese"),
        pytest.param(KOREAN, "cp949", "", "euc-kr", id="EUC-KR"),
        pytest.param(FRENCH, "cp1252", "", "iso-8859-1", id="Latin-1, read as windows-1252"),
        pytest.param("don’t “quote”", "cp1252", "", "iso-8859-1", id="the quotes of windows-1252 under Latin-1"),
        pytest.param(FRENCH, "utf-8", "", "no-such-charset", id="a charset nobody knows"),
        pytest.param(FRENCH, "utf-8", "", "base64", id="a codec that is no charset"),
        pytest.param(CHINESE, "utf-16", "", "", id="UTF-16 with a byte order mark"),
        pytest.param(CHINESE, "utf-16-le", "", "utf-8", id="UTF-16 without a byte order mark"),
        pytest.param(CHINESE, "utf-8-sig", "windows-1251", "gb2312", id="a byte order mark beats every claim"),
        pytest.param("plain words", "ascii", "", "windows-1251", id="plain ASCII"),
        pytest.param("镕基", "gb18030", "", "gb2312", id="two rare characters, rightly declared"),
    ],
)
def test_a_page_reads_as_it_was_written(text: str, encoding: str, header: str, declared: str) -> None:
    written = page(text, declared)
    content_type = f"text/html; charset={header}" if header else "text/html"
    assert to_page(written.encode(encoding), url="https://a.example/", content_type=content_type).text == written


def test_the_outlet_is_believed_where_nothing_else_speaks() -> None:
    body = page("Ñandú").encode("cp1252")
    assert to_page(body, url="https://a.example/", hint="windows-1252 (old pages)").encoding == "windows-1252"


def test_a_broken_byte_costs_one_character_not_the_page() -> None:
    body = page(CHINESE, "utf-8").encode().replace("演习".encode(), "演习".encode()[:-1])
    text = to_page(body, url="https://a.example/").text
    assert text.count("\ufffd") == 1
    assert "两国海军的舰艇清晨离开港口" in text


def test_controls_of_windows_1252_become_what_they_stand_for() -> None:
    assert to_page("<p>don\x92t\0</p>".encode(), url="https://a.example/").text == "<p>don’t</p>"


@pytest.mark.parametrize("label", ["rot13", "utf-7", "unicode_escape", "idna", "", "utf-16", "🙂"])
def test_labels_that_are_no_charset_of_a_page_are_ignored(label: str) -> None:
    assert known_codec(label) is None


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("gb2312", "gb18030"),
        ("GBK", "gb18030"),
        ("latin1", "cp1252"),
        ("ks_c_5601-1987", "cp949"),
        ("big5", "big5hkscs"),
    ],
)
def test_labels_are_read_as_browsers_read_them(label: str, codec: str) -> None:
    assert known_codec(label) == codec


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        pytest.param(RUSSIAN, RUSSIAN.encode("cp1251").decode("koi8-r"), id="Russian"),
        pytest.param(CHINESE, CHINESE.encode("gb18030").decode("big5hkscs", "replace"), id="Chinese"),
        pytest.param(KOREAN, KOREAN.encode("cp949").decode("gb18030", "replace"), id="Korean"),
        pytest.param(RUSSIAN, RUSSIAN.encode("cp1251").decode("cp1252"), id="Russian taken for French"),
    ],
)
def test_a_right_reading_is_more_plausible_than_a_wrong_one(right: str, wrong: str) -> None:
    assert plausibility(right) > 0.9
    assert plausibility(wrong) < 0.7


@given(st.binary(max_size=300), st.text(max_size=30), st.text(max_size=30))
def test_no_bytes_raise(body: bytes, content_type: str, hint: str) -> None:
    assert isinstance(to_page(body, url="https://a.example/", content_type=content_type, hint=hint).text, str)
