"""Requests at random, from right to hostile; each follows from its seed alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from tests.routes import Route

METHODS = (
    *(["GET"] * 30),
    *(["HEAD"] * 5),
    *(["OPTIONS"] * 2),
    *("POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND", "get", "STRANGE"),
)
SIGNS = "abzAZ019-._~!$&'()*+,;=:@/?%[]{}|\\^`\"<>"
ODD = (
    *("/", "//", "/.", "/..", "/%2e%2e", "%2F", "%00", "%0a", "%0d%0aX:%20y", "%ff", "%c0%af"),
    *("%", "%zz", "..;", ";a=b", ".json", "*", "<script>", '"', "'", "\\", "%u0041", "a" * 300),
)
VALUES = (
    *("", "0", "1", "2", "100", "101", "-1", "1.5", "01", "1e3", "%31", "+1", "9" * 40, "1000000"),
    *("card", "full", "CARD", "blocks", "html", "text", "markdown", "true", "null", "[]", "{}"),
    *("%00", "%ff", "%ed%a0%80", "%0d%0a", "<script>", "'--", "1;2", "1&1", "a" * 500, "*", "en"),
    *("0123456789abcdef", "0123456789abcdeg"),
    *("uk", "uk-UA", "UK", "fr", "uk-", "uk_UA", "x-" + "a-" * 40),
)
NAMES = ("page", "limit", "view", "rich_text", "sort", "rev", "locale", "q", "", "__proto__", "pag")
CODINGS = ("gzip", "br", "identity", "*", "x-gzip", "zstd", "deflate", "", "\xff", "GZIP")
WEIGHTS = ("", ";q=0", ";q=1", ";q=0.5", ";q=0.001", "; q=0.9", ";q=2", ";q=", ";q=a", ";x=1")
DATES = (
    *("Thu, 02 Jan 2020 03:04:05 GMT", "Fri, 03 Jan 2020 00:00:00 GMT", "yesterday", "", "0"),
    *("Wednesday, 01-Jan-20 00:00:00 GMT", "Wed Jan  1 00:00:00 2020", "2020-01-02T03:04:05Z"),
    *("Thu, 32 Jan 2020 03:04:05 GMT", "Thu, 02 Jan 9999 03:04:60 GMT"),
)
TAGS = ('"a"', 'W/"a"', "*", "", '"', '"a", "b"', ",,,", "a", '"' * 50)
RANGES = (
    *("bytes=0-1", "bytes=2-", "bytes=-3", "bytes=5-2", "bytes=0-1,3-4", "bytes=0-" + "9" * 40),
    *("bytes=9999-", "bytes=9999-10000", "bytes=-0", "lines=1-2"),
)
PLAIN = (
    *(
        "Accept: */*",
        "Accept: nothing",
        "Accept-Encoding: identity;q=0",
        "If-None-Match: *",
        "Origin: https://app.example",
        "Cookie: a=b",
    ),
    *("Cache-Control: no-cache", "Connection: keep-alive", "Connection: close", "TE: trailers"),
    *("Content-Length: 0", "Expect: 100-continue", "X-Request-Id: mine", "X-Request-Id: <b>"),
    *(
        "Upgrade: h2c",
        "Connection: upgrade",
        "Accept-Language: uk",
        "X-Forwarded-Host: evil.example",
    ),
    *("Access-Control-Request-Method: PUT", "Authorization: Basic YTpi", "X-Many: \xe9\xff", "X:"),
    *("X-HTTP-Method-Override: DELETE", "Content-Type: application/json", "Forwarded: for=_a"),
)
WRONG = (
    *(
        "Host: b",
        "Content-Length: 3",
        "Transfer-Encoding: chunked",
        "Content-Length: x",
        " fold: a",
    ),
    *(
        "Transfer-Encoding: x",
        "Bad Name: a",
        "no colon",
        "X: a\x00b",
        "X: a\nb",
        "X: " + "a" * 33_000,
    ),
)


@dataclass(frozen=True, slots=True)
class Request:
    """A request, and whether it is one message of HTTP, so that it has one answer."""

    method: str
    target: str
    data: bytes
    is_whole: bool

    @property
    def read_as(self) -> str:
        """The method that decides whether an answer has a body."""
        return "HEAD" if self.data.startswith(b"HEAD ") else "GET"


class Grammar:
    """Makes requests about real operations and entries."""

    def __init__(self, routes: Sequence[Route], addresses: Sequence[str]) -> None:
        self._routes = routes
        self._addresses = addresses

    def request(self, seed: int, number: int, tags: Sequence[str]) -> Request:
        """Return one request of a run; `tags` are entity tags that there are."""
        random = Random(f"{seed}:{number}")  # noqa: S311 - it must be repeatable
        method = random.choice(METHODS)
        target = self._target(random)
        host = random.choice(("a", "a.example:8000", "[::1]", "")) if random.random() < 0.1 else "a"
        lines = [f"{method} {target} HTTP/1.1", f"Host: {host}"]
        lines += [self._line(random, tags) for _ in range(random.choice((0, 0, 1, 2, 3, 8)))]
        if random.random() < 0.002:
            lines += ["X-Many: a"] * random.choice((60, 100, 1_000))
        whole = random.random() > 0.08
        if not whole:
            lines.insert(random.randint(1, len(lines)), random.choice(WRONG))
        data = "".join(f"{line}\r\n" for line in [*lines, ""]).encode("latin-1")
        if not whole and random.random() < 0.7:
            data = _spoiled(random, data)
        return Request(method, target, data, whole)

    def _target(self, random: Random) -> str:
        if random.random() < 0.7:
            route = random.choice(self._routes)
            path, names = route.address, [one["name"] for one in route.parameters]
        else:
            path, names = random.choice(self._addresses), ["rich_text"]
        chance = random.random()
        if chance < 0.25:
            path = _mutated(random, path)
        elif chance < 0.27:
            path = (
                f"http{random.choice(('', 's'))}://{random.choice(('a', 'b:1', 'u@c', ''))}{path}"
            )
        elif chance < 0.275:
            path = random.choice(("*", "a:80", "/" + "a" * random.choice((8_191, 8_192, 70_000))))
        query = random.choice(("", "", "", "?", "/", "/?")) + self._query(random, names)
        return path + query if "?" in query or query == "/" else path

    def _query(self, random: Random, names: Sequence[str]) -> str:
        chance = random.random()
        if chance < 0.6:
            return ""
        if chance < 0.62:
            return "?" + "".join(random.choice(SIGNS) for _ in range(random.randint(1, 200)))
        if chance < 0.63:
            return "?" + "&".join(["page=1"] * random.choice((50, 51, 1_000)))
        pool = [*names, *names, *names, *names, random.choice(NAMES)]
        pairs = (
            f"{random.choice(pool)}={random.choice(VALUES)}"
            for _ in range(random.choice((1, 1, 2, 4)))
        )
        return "?" + random.choice(("&", "&", "&", ";", "&&")).join(pairs)

    @staticmethod
    def _line(random: Random, tags: Sequence[str]) -> str:
        some = [*TAGS, *random.sample(tags, min(3, len(tags)))]
        match random.randint(0, 5):
            case 0:
                members = (
                    random.choice(CODINGS) + random.choice(WEIGHTS)
                    for _ in range(random.choice((0, 1, 1, 2, 5)))
                )
                return f"Accept-Encoding: {', '.join(members)}"
            case 1:
                name = random.choice(("If-None-Match", "If-None-Match", "If-Match", "If-Range"))
                return f"{name}: {', '.join(random.choices(some, k=random.choice((1, 1, 2))))}"
            case 2:
                name = random.choice(("If-Modified-Since", "If-Unmodified-Since"))
                return f"{name}: {random.choice(DATES)}"
            case 3:
                signs = (
                    chr(random.choice((9, *range(32, 127), *range(128, 256)))) for _ in range(20)
                )
                return f"X-{random.randint(0, 9)}: {''.join(signs)}"
            case 4:
                return f"Range: {random.choice(RANGES)}"
            case _:
                return random.choice(PLAIN)


def _mutated(random: Random, path: str) -> str:
    """Return a path with something odd in it, or without something that it needs."""
    for _ in range(random.choice((1, 1, 2, 4))):
        at = random.randint(1, len(path))
        match random.randint(0, 5):
            case 0:
                path = path[:at] + random.choice(ODD) + path[at:]
            case 1:
                path += random.choice(ODD)
            case 2:
                path = path[:at] + path[at + 1 :]
            case 3:
                path = path[: at - 1] + f"%{ord(path[at - 1]):02{random.choice('xX')}}" + path[at:]
            case 4:
                path = path[:at] + path[at:].swapcase()
            case _:
                path = path[:at] + random.choice(SIGNS) + path[at:]
        if not path.startswith("/"):
            path = "/" + path
    return path


def _spoiled(random: Random, data: bytes) -> bytes:
    """Return bytes with some changed, left out, doubled, or cut off."""
    for _ in range(random.choice((1, 2, 8))):
        at = random.randrange(len(data) + 1)
        match random.randint(0, 4):
            case 0:
                data = data[:at] + random.randbytes(random.choice((1, 1, 4))) + data[at:]
            case 1:
                data = data[:at] + random.randbytes(1) + data[at + 1 :]
            case 2:
                data = data[:at] + data[at + random.randint(1, 4) :]
            case 3:
                data = data[:at] + data[at : at + 20] + data[at:]
            case _:
                data = data[: at + 1]
    return data
