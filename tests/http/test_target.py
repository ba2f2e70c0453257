import pytest

from api.http.target import is_host, origin_form


@pytest.mark.parametrize(
    ("target", "path"),
    [
        pytest.param(b"http://a/v1", b"/v1", id="path"),
        pytest.param(b"https://a/v1?b=c", b"/v1?b=c", id="query"),
        pytest.param(b"HTTP://A:80/", b"/", id="root"),
        pytest.param(b"http://a", b"/", id="no path"),
        pytest.param(b"http://a?b", b"/?b", id="no path, query"),
        pytest.param(b"http://[::1]/a", b"/a", id="IPv6"),
        pytest.param(b"http://a//b/", b"//b/", id="path of a host's look"),
        pytest.param(b"http:///a", None, id="no authority"),
        pytest.param(b"http://u@a/b", None, id="user"),
        pytest.param(b"http://a/b#c", None, id="fragment"),
        pytest.param(b"ftp://a/b", None, id="another scheme"),
        pytest.param(b"/v1", None, id="origin-form"),
        pytest.param(b"a:80", None, id="authority-form"),
        pytest.param(b"*", None, id="asterisk-form"),
    ],
)
def test_absolute_form_has_an_origin_form(target: bytes, path: bytes | None) -> None:
    assert origin_form(target) == path


@pytest.mark.parametrize(
    ("value", "right"),
    [
        pytest.param(b"a.example", True, id="name"),
        pytest.param(b"a.example:8000", True, id="port"),
        pytest.param(b"a:", True, id="empty port"),
        pytest.param(b"", True, id="empty"),
        pytest.param(b"127.0.0.1", True, id="IPv4"),
        pytest.param(b"[2001:db8::1]:80", True, id="IPv6"),
        pytest.param(b"a_b~!$&'()*+,;=%2A", True, id="every sign of a name"),
        pytest.param(b"a" * 261, True, id="at the bound"),
        pytest.param(b"a" * 262, False, id="above the bound"),
        pytest.param(b"a b", False, id="blank"),
        pytest.param(b"a/b", False, id="path"),
        pytest.param(b"u@a", False, id="user"),
        pytest.param(b"a:b", False, id="port of letters"),
        pytest.param(b"a:123456", False, id="port of six digits"),
        pytest.param(b"%zz", False, id="odd encoding"),
        pytest.param(b"[::1", False, id="open bracket"),
        pytest.param(b"a\n", False, id="line feed"),
        pytest.param(b"\xe9", False, id="high byte"),
    ],
)
def test_host_is_a_host_and_perhaps_a_port(value: bytes, *, right: bool) -> None:
    assert is_host(value) is right
