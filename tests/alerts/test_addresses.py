"""What a mail address is, and what only looks like one."""

import pytest

from alerts.addresses import check_address, domain_of
from alerts.errors import AddressError


@pytest.mark.parametrize(
    ("text", "address"),
    [
        pytest.param("reader@example.org", "reader@example.org", id="plain"),
        pytest.param(" reader@example.org ", "reader@example.org", id="with spaces round it"),
        pytest.param("first.last+entente@sub.example.org", "first.last+entente@sub.example.org", id="dots and a plus"),
        pytest.param("entente@localhost", "entente@localhost", id="this machine"),
        pytest.param("почта@пример.рф".replace("почта", "post"), "post@xn--e1afmkfd.xn--p1ai", id="a Russian domain"),
    ],
)
def test_an_address_is_taken(text: str, address: str) -> None:
    assert check_address(text) == address


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("reader", id="no at sign"),
        pytest.param("@example.org", id="no name"),
        pytest.param("reader@", id="no domain"),
        pytest.param("a@b@example.org", id="two at signs"),
        pytest.param("a b@example.org", id="a space"),
        pytest.param("reader@example.org\r\nBcc: all@example.org", id="a second header"),
        pytest.param("reader@example.org\n", id="a line break at the end"),
        pytest.param("reader@example.org>\x00", id="a control character"),
        pytest.param("<reader@example.org>", id="brackets"),
        pytest.param("a@example.org,b@example.org", id="two addresses"),
        pytest.param('"a b"@example.org', id="a quoted name"),
        pytest.param("почта@example.org", id="letters beyond ASCII in the name"),
        pytest.param("reader@-example.org", id="a domain that begins with a hyphen"),
        pytest.param("reader@exa mple.org", id="a space in the domain"),
        pytest.param("reader@" + "a" * 300 + ".org", id="a domain without end"),
        pytest.param("x" * 65 + "@example.org", id="a name without end"),
        pytest.param(".reader@example.org", id="a dot first"),
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(AddressError, match="no usable mail address"):
        check_address(text)


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        pytest.param("Entente <news@Example.org>", "example.org", id="with a name"),
        pytest.param("news@example.org", "example.org", id="bare"),
        pytest.param("", "entente.local", id="none"),
        pytest.param("nonsense@@", "entente.local", id="nonsense"),
    ],
)
def test_the_domain_of_an_address(text: str, domain: str) -> None:
    assert domain_of(text) == domain
