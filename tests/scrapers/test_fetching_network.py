"""Where a connection may lead: to the public internet and the hosts an operator named, whatever a name or redirect says."""

import ssl
from collections.abc import Callable, Sequence

import pytest
import trustme

from scrapers.errors import ForbiddenAddress, Unreachable
from scrapers.fetching.peers import is_public
from scrapers.fetching.web import WebFetcher
from tests.fakes.clock import Clock
from tests.fakes.outlet_server import OutletServer


def web(
    *allow_hosts: str, resolve: Callable[[str, int], Sequence[str]], tls: ssl.SSLContext | None = None
) -> WebFetcher:
    return WebFetcher(
        contact="desk@example.org", allow_hosts=allow_hosts, resolve=resolve, tls=tls, sleep=Clock().sleep
    )


class Names:
    """A resolver that is told what every name means and writes down what it was asked."""

    def __init__(self, *addresses: str) -> None:
        self._addresses = addresses
        self.asked: list[str] = []

    def __call__(self, host: str, _port: int) -> Sequence[str]:
        self.asked.append(host)
        if not self._addresses:
            raise OSError("Name or service not known")
        return self._addresses


@pytest.mark.parametrize(
    ("address", "public"),
    [
        pytest.param("93.184.216.34", True, id="a public address"),
        pytest.param("2606:2800:220:1::1", True, id="a public address of IPv6"),
        pytest.param("127.0.0.1", False, id="this machine"),
        pytest.param("::1", False, id="this machine, in IPv6"),
        pytest.param("0.0.0.0", False, id="no address, which some systems take for this machine"),
        pytest.param("10.1.2.3", False, id="a private network"),
        pytest.param("172.16.0.1", False, id="another"),
        pytest.param("192.168.1.1", False, id="the one at home"),
        pytest.param("fd00::1", False, id="a private network of IPv6"),
        pytest.param("169.254.169.254", False, id="the metadata of a cloud"),
        pytest.param("fe80::1%eth0", False, id="the neighbours on a line"),
        pytest.param("fec0::1", False, id="the site-local addresses of old"),
        pytest.param("100.64.0.1", False, id="behind a provider's gateway"),
        pytest.param("224.0.0.1", False, id="a crowd"),
        pytest.param("ff02::1", False, id="a crowd of IPv6"),
        pytest.param("240.0.0.1", False, id="reserved"),
        pytest.param("255.255.255.255", False, id="everybody"),
        pytest.param("::ffff:127.0.0.1", False, id="this machine, mapped"),
        pytest.param("::127.0.0.1", False, id="this machine, in a form long dead"),
        pytest.param("2002:7f00:1::1", False, id="this machine, by 6to4"),
        pytest.param("64:ff9b::7f00:1", False, id="this machine, by NAT64"),
        pytest.param("64:ff9b::5db8:d822", True, id="a public address, by NAT64"),
        pytest.param("2001:db8::1", False, id="documentation"),
    ],
)
def test_is_public(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    "host",
    [
        pytest.param("127.0.0.1", id="written out"),
        pytest.param("2130706433", id="written as one number"),
        pytest.param("0x7f.1", id="written in hexadecimal"),
        pytest.param("localhost", id="by its name"),
    ],
)
def test_this_machine_is_not_visited(host: str) -> None:
    with OutletServer() as outlet:
        with WebFetcher(contact="desk@example.org") as fetcher, pytest.raises(ForbiddenAddress) as caught:
            fetcher.fetch(outlet.url("/admin", host=host))
        assert outlet.asked == []
    assert outlet.url("/admin", host=host) in str(caught.value)
    assert "ENTENTE_ALLOW_HOSTS" in str(caught.value)


@pytest.mark.parametrize(
    "addresses",
    [
        pytest.param(("127.0.0.1",), id="to this machine"),
        pytest.param(("93.184.216.34", "127.0.0.1"), id="to a public address and this machine"),
    ],
)
def test_a_name_that_leads_inside_is_not_visited(addresses: tuple[str, ...]) -> None:
    with OutletServer() as outlet:
        with web(resolve=Names(*addresses)) as fetcher, pytest.raises(ForbiddenAddress, match=r"127\.0\.0\.1"):
            fetcher.fetch(outlet.url("/a", host="news.example.org"))
        assert outlet.asked == []


def test_a_redirect_to_a_private_address_is_not_followed() -> None:
    with OutletServer() as outlet, OutletServer() as inside:
        inside.answer("/secret", b"inside")
        outlet.redirect("/a", inside.url("/secret"))
        with web(outlet.host, resolve=Names("127.0.0.1")) as fetcher, pytest.raises(ForbiddenAddress) as caught:
            fetcher.fetch(outlet.url("/a"))
        assert inside.asked == []
    assert inside.url("/secret") in str(caught.value)


def test_robots_rules_are_not_fetched_from_inside_either() -> None:
    with OutletServer() as outlet, OutletServer() as inside:
        outlet.redirect("/robots.txt", inside.url("/secret"))
        with web(outlet.host, resolve=Names("127.0.0.1")) as fetcher, pytest.raises(ForbiddenAddress, match="robots"):
            fetcher.fetch(outlet.url("/a"))
        assert inside.asked == []
        assert outlet.paths() == ["/robots.txt"]


def test_the_connection_goes_to_the_address_that_was_judged() -> None:
    names = Names("127.0.0.1")
    with OutletServer() as outlet, web("news.example.org", resolve=names) as fetcher:
        outlet.answer("/robots.txt", b"")
        outlet.answer("/a", b"here")
        capture = fetcher.fetch(outlet.url("/a", host="news.example.org"))

        assert capture is not None
        assert capture.body == b"here"
        assert {asked.headers["host"] for asked in outlet.asked} == {f"news.example.org:{outlet.port}"}
    # One look-up for the one connection both requests went over: there is no second answer to fall for.
    assert names.asked == ["news.example.org"]


def test_the_next_address_is_tried_when_the_first_is_deaf() -> None:
    with OutletServer() as outlet, web("news.example.org", resolve=Names("127.0.0.9", "127.0.0.1")) as fetcher:
        outlet.answer("/a", b"here")
        assert fetcher.fetch(outlet.url("/a", host="news.example.org")) is not None


@pytest.mark.parametrize(
    ("named", "visited"),
    [
        pytest.param("news.example.org", True, id="the host is named"),
        pytest.param("NEWS.example.org", True, id="named aloud"),
        pytest.param("news.example.org:{port}", True, id="host and port are named"),
        pytest.param("news.example.org:1", False, id="another port is named"),
        pytest.param("example.org", False, id="the domain above it is named"),
        pytest.param("127.0.0.1", False, id="only its address is named"),
        pytest.param("[::1]:{port}", False, id="another address is named"),
    ],
)
def test_a_private_host_is_visited_if_it_is_named(named: str, visited: bool) -> None:
    with OutletServer() as outlet:
        outlet.answer("/a", b"here")
        allowed = named.format(port=outlet.port)
        with web(allowed, resolve=Names("127.0.0.1")) as fetcher:
            if visited:
                assert fetcher.fetch(outlet.url("/a", host="news.example.org")) is not None
            else:
                with pytest.raises(ForbiddenAddress):
                    fetcher.fetch(outlet.url("/a", host="news.example.org"))


@pytest.mark.parametrize("named", ["::1", "[::1]", "[::1]:{port}"])
def test_an_address_of_ipv6_can_be_named(named: str) -> None:
    with OutletServer() as outlet:
        outlet.answer("/a", b"here")
        # The resolver sends it to the server of the test: what matters is that its name is known.
        with web(named.format(port=outlet.port), resolve=Names("127.0.0.1")) as fetcher:
            assert fetcher.fetch(outlet.url("/a", host="[::1]")) is not None


@pytest.mark.parametrize("named", ["", "127.0.0.1:soon", "127.0.0.1:99999", "[::1"])
def test_a_host_that_is_none_cannot_be_named(named: str) -> None:
    with pytest.raises(ValueError, match="allowed host"):
        web(named, resolve=Names())


def test_a_name_nobody_knows_is_unreachable() -> None:
    with web(resolve=Names()) as fetcher, pytest.raises(Unreachable, match=r"news\.example\.org is not known"):
        fetcher.fetch("http://news.example.org/feed")


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def serving(authority: trustme.CA, name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


def test_a_certificate_is_checked_against_the_name_and_not_the_address(authority: trustme.CA) -> None:
    names = Names("127.0.0.1")
    with (
        OutletServer(tls=serving(authority, "news.example.org")) as outlet,
        web("news.example.org", "other.example.org", resolve=names, tls=trusting(authority)) as fetcher,
    ):
        outlet.answer("/a", b"here")
        capture = fetcher.fetch(outlet.url("/a", host="news.example.org"))
        assert capture is not None
        assert capture.body == b"here"
        with pytest.raises(Unreachable, match="certificate verify failed"):
            fetcher.fetch(outlet.url("/a", host="other.example.org"))


def test_a_certificate_nobody_vouches_for_is_refused(authority: trustme.CA) -> None:
    with (
        OutletServer(tls=serving(authority, "news.example.org")) as outlet,
        web("news.example.org", resolve=Names("127.0.0.1")) as fetcher,
        pytest.raises(Unreachable, match="certificate verify failed"),
    ):
        fetcher.fetch(outlet.url("/a", host="news.example.org"))
