import http.client
import json
import os
import pty
import re
import selectors
import shutil
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from api import __version__
from api.cli.main import main
from api.compiler.tools import contract_of
from api.contract.openapi import to_yaml
from api.store.database import SCHEMA_VERSION, open_writable
from schemas.discovery import discover
from tests.support import REPOSITORY, SMALL, Site, client, without_progress, write

Json = Any
PATIENCE = 20.0
"""Seconds that a process may take before its test has failed."""
NO_FILE = (
    "it and its folder must be there, and may be read and written (unable to open database file)"
)
COMMANDS = ("check", "build", "publish", "serve", "revisions", "rollback", "openapi", "schema")
BROKEN = {**SMALL, "topics/one.yaml": "titel: One\n"}


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended, and what it said."""

    code: int | str | None
    out: str
    err: str


class Keypoint:
    """Runs commands in this process."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
        self.environment = monkeypatch
        self._capfd = capfd

    def __call__(self, *arguments: str | Path) -> Ran:
        self.environment.setattr(sys, "argv", ["keypoint", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = self._capfd.readouterr()
        assert "Traceback" not in said.out + said.err
        return Ran(ended.value.code, said.out, without_progress(said.err))


@pytest.fixture
def keypoint(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> Keypoint:
    """Commands run in a folder of the test's own, without settings from outside."""
    for name in [name for name in os.environ if name.startswith("KEYPOINT_")]:
        monkeypatch.delenv(name)
    # As the installed command runs, whichever way pytest itself was started.
    monkeypatch.setattr(sys.modules["__main__"], "__package__", None)
    monkeypatch.chdir(tmp_path)
    return Keypoint(monkeypatch, capfd)


class Process:
    """A command in a process of its own; every wait is bounded."""

    def __init__(self, *arguments: str | Path, **environment: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "api", *map(str, arguments)],
            cwd=REPOSITORY,
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._unread = ""

    def line(self) -> str:
        """Return the next line of output."""
        assert self._process.stdout
        output = self._process.stdout.fileno()
        with selectors.DefaultSelector() as selector:
            selector.register(output, selectors.EVENT_READ)
            while "\n" not in self._unread:
                assert selector.select(PATIENCE), "the process said nothing"
                # Not by Python's own buffer: what is in there, select does not see.
                if not (said := os.read(output, 65_536)):
                    break
                self._unread += said.decode()
        line, end, self._unread = self._unread.partition("\n")
        return line + end

    def address(self) -> tuple[str, int]:
        """Return where the process serves, once it says so."""
        while not (said := self.line()).startswith("serving http://"):
            assert said, self.end().err
        return self.served_at(said)

    @staticmethod
    def served_at(said: str) -> tuple[str, int]:
        """Return the address that a line of output says."""
        assert said.startswith("serving http://")
        host, _, port = said.removeprefix("serving http://").split(" ")[0].rpartition(":")
        return host, int(port)

    def signal(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def close_output(self) -> None:
        assert self._process.stdout
        self._process.stdout.close()

    def end(self) -> Ran:
        """Wait for the end."""
        out, err = self._process.communicate(timeout=PATIENCE)
        return Ran(self._process.returncode, self._unread + (out or ""), err)

    def kill(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.communicate(timeout=PATIENCE)


@contextmanager
def running(*arguments: str | Path, **environment: str) -> Iterator[Process]:
    process = Process(*arguments, PYTHONUNBUFFERED="1", **environment)
    try:
        yield process
    finally:
        process.kill()


def fetch(
    address: tuple[str, int],
    path: str,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
) -> tuple[http.client.HTTPResponse, bytes]:
    """Ask a server; it is asked again for a moment where it does not listen yet."""
    until = time.monotonic() + PATIENCE
    while True:
        with closing(http.client.HTTPConnection(*address, timeout=PATIENCE)) as connection:
            try:
                connection.request(method, path, headers=dict(headers or {}))
                answer = connection.getresponse()
            except ConnectionRefusedError:
                assert time.monotonic() < until
                time.sleep(0.02)
                continue
            return answer, answer.read()


def send(address: tuple[str, int], *requests: bytes) -> bytes:
    """Send raw requests over one connection, and return all that comes back until it closes."""
    fetch(address, "/healthz")
    with socket.create_connection(address, timeout=PATIENCE) as connection:
        connection.sendall(b"".join(requests))
        parts = []
        while part := connection.recv(65_536):
            parts.append(part)
        return b"".join(parts)


def degraded(address: tuple[str, int]) -> Json:
    """Return what readiness tells, once it tells that an older revision stands in."""
    until = time.monotonic() + PATIENCE
    while True:
        answer, body = fetch(address, "/readyz")
        assert answer.status == 200
        told = json.loads(body)
        if told["status"] == "degraded":
            return told
        assert time.monotonic() < until, told
        time.sleep(0.02)


def broken(folder: Path, *, published: bool = False) -> Site:
    """Return a site with one wrong field, perhaps published before it was wrong."""
    site = Site(folder)
    if published:
        site.publish()
    write(site.content, BROKEN)
    return site


# The whole program


def test_version_is_told(keypoint: Keypoint) -> None:
    assert keypoint("--version") == Ran(0, f"keypoint {__version__}\n", "")


def test_module_is_the_command() -> None:
    with running("--version") as process:
        assert process.end() == Ran(0, f"keypoint {__version__}\n", "")


def test_command_without_a_name_shows_the_help(keypoint: Keypoint) -> None:
    ran = keypoint()
    assert ran.code == 2
    for name in COMMANDS:
        assert f" {name} " in ran.out + ran.err


@pytest.mark.parametrize("name", COMMANDS)
def test_command_explains_itself_with_an_example(keypoint: Keypoint, name: str) -> None:
    ran = keypoint(name, "--help")
    assert ran.code == 0
    assert f"Example: keypoint {name}" in " ".join(ran.out.split())


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("chekc",), id="command"),
        pytest.param(("check", "--shemas", "x"), id="option"),
        pytest.param(("check", "a", "b"), id="argument too many"),
        pytest.param(("build", "a"), id="no --out"),
        pytest.param(("schema",), id="no type"),
        pytest.param(("serve", "--port", "many"), id="no number"),
    ],
)
def test_wrong_use_ends_with_2(keypoint: Keypoint, arguments: tuple[str, ...]) -> None:
    ran = keypoint(*arguments)
    assert ran.code == 2
    assert ran.out == ""
    assert "Usage: keypoint" in ran.err


# check


def test_check_of_good_content_counts_its_entries(keypoint: Keypoint, tmp_path: Path) -> None:
    content = Site(tmp_path / "good").content
    assert keypoint("check", content) == Ran(0, f"{content}: 9 entries, nothing wrong\n", "")


def test_check_tells_every_issue_with_its_place_and_ends_with_1(
    keypoint: Keypoint, tmp_path: Path
) -> None:
    site = broken(tmp_path)
    write(site.content, {"topics/two.yaml": "title: [\n"})
    ran = keypoint("check", "content")
    assert ran.code == 1
    assert ran.out == ""
    lines = ran.err.splitlines()
    assert (
        "content/topics/one.yaml:1:1 unknown field 'titel', did you mean 'title'? [unknown_field]"
        in lines
    )
    assert lines[-1] == "3 errors in 2 files"


WARNED_PAGE = (
    "---\ntitle: Second\nrelated: [first, first]\n---\nSee [it](/articles/first#nowhere).\n"
)
WARNED = {**SMALL, "articles/second.md": WARNED_PAGE}


def test_check_tells_warnings_and_ends_with_0(keypoint: Keypoint, tmp_path: Path) -> None:
    Site(tmp_path, WARNED)
    ran = keypoint("check", "content")
    assert (ran.code, ran.out) == (0, "content: 9 entries, no errors, 2 warnings\n")
    assert [line for line in ran.err.splitlines() if line.startswith("content/")] == [
        "content/articles/second.md:3:18 warning: the list has 'first' already [repeated_item]",
        (
            "content/articles/second.md:5:1 warning: in the text that begins here, the link "
            "'/articles/first#nowhere' leads to no section or point of '/articles/first' "
            "[dangling_anchor]"
        ),
    ]
    assert ran.err.splitlines()[-1] == "2 warnings in 1 file"


def test_content_with_warnings_is_published_and_they_are_told(
    keypoint: Keypoint, tmp_path: Path
) -> None:
    with Site(tmp_path, WARNED).served() as served:
        assert served.get("/v1/articles/second").status_code == 200
    ran = keypoint("build", "content", "--out", "release.db")
    assert ran.code == 0
    assert ran.err.splitlines()[-1] == "2 warnings in 1 file"


@pytest.mark.parametrize("form", ["json", "github", "sarif"])
@pytest.mark.parametrize(
    ("files", "code"),
    [
        pytest.param(SMALL, 0, id="nothing wrong"),
        pytest.param(WARNED, 0, id="warnings"),
        pytest.param(BROKEN, 1, id="errors"),
        pytest.param(None, 1, id="no folder"),
    ],
)
def test_check_for_programs_says_nothing_else(
    keypoint: Keypoint, tmp_path: Path, form: str, files: Mapping[str, str] | None, code: int
) -> None:
    if files is not None:
        Site(tmp_path, files)
    ran = keypoint("check", "content", "--format", form)
    assert (ran.code, ran.err) == (code, "")
    if form == "github":
        lines = ran.out.splitlines()
        assert (lines == []) == (files is SMALL)
        assert all(line.startswith("::") for line in lines[:-1])
        return
    report = json.loads(ran.out)
    told = report["issues"] if form == "json" else report["runs"][0]["results"]
    assert bool(told) == (files is not SMALL)


def test_check_tells_programs_paths_from_the_folder_it_runs_in(
    keypoint: Keypoint, tmp_path: Path
) -> None:
    site = broken(tmp_path)
    reports = [
        keypoint("check", folder, "--format", "json") for folder in ("content", site.content)
    ]
    assert reports[0] == reports[1]
    assert json.loads(reports[0].out)["issues"][0]["path"] == "content/topics/one.yaml"


def test_check_in_an_unknown_format_names_the_known_ones(keypoint: Keypoint) -> None:
    ran = keypoint("check", "--format", "xml")
    assert (ran.code, ran.out) == (2, "")
    for name in ("text", "json", "github", "sarif"):
        assert name in ran.err


@pytest.mark.parametrize(("no_color", "coloured"), [("", True), ("1", False)])
def test_check_colours_a_terminal_alone(tmp_path: Path, no_color: str, coloured: bool) -> None:  # noqa: FBT001 - a table's column
    site = broken(tmp_path)
    main_end, terminal = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "api", "check", str(site.content)],
        cwd=REPOSITORY,
        env={**os.environ, "NO_COLOR": no_color, "TERM": "xterm-256color"},
        stdout=subprocess.DEVNULL,
        stderr=terminal,
    )
    os.close(terminal)
    said = b""
    with suppress(OSError):  # Linux ends a terminal without a process by EIO
        while part := os.read(main_end, 65_536):
            said += part
    os.close(main_end)
    assert process.wait(PATIENCE) == 1
    assert (b"\x1b[31m" in said) == coloured
    assert f"{site.content}/topics/one.yaml:1:1".encode() in said


def test_check_makes_no_file(keypoint: Keypoint, tmp_path: Path) -> None:
    Site(tmp_path)
    assert keypoint("check", "content").code == 0
    assert [file.name for file in tmp_path.iterdir()] == ["content"]


def test_check_without_a_folder_takes_the_one_named_content(
    keypoint: Keypoint, tmp_path: Path
) -> None:
    Site(tmp_path)
    assert keypoint("check").out == "content: 9 entries, nothing wrong\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(
            ("check", "content", "--schemas", "nowhere"),
            "keypoint: nowhere: there is no such folder of models\n",
            id="no folder of models",
        ),
        pytest.param(
            ("openapi", "--schemas", "content"),
            "keypoint: content: no content type is declared here\n",
            id="no models in a folder",
        ),
        pytest.param(
            ("build", "content", "--out", "nowhere/x.db"),
            "keypoint: nowhere/x.db: the file cannot be written: ",
            id="no folder to build into",
        ),
        pytest.param(
            ("serve", "content", "--port", "99999"),
            "keypoint: --port or KEYPOINT_PORT: Input should be less than or equal to 65535\n",
            id="no such port",
        ),
        pytest.param(
            ("serve", "content", "--port", "0", "--host", "no.such.host.invalid"),
            "keypoint: no.such.host.invalid:0: cannot listen there: ",
            id="no such host",
        ),
    ],
)
def test_what_cannot_be_done_is_told_in_a_line_and_ends_with_1(
    keypoint: Keypoint, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    Site(tmp_path)
    ran = keypoint(*arguments)
    assert ran.code == 1
    assert ran.out == ""
    assert ran.err.startswith(said)
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(
            ("check", "nowhere"),
            "nowhere:1:1 the folder cannot be listed: No such file or directory "
            "[unreadable_folder]\n",
            id="no folder",
        ),
        pytest.param(
            ("check", "content/site.yaml"),
            "content/site.yaml:1:1 the folder cannot be listed: Not a directory "
            "[unreadable_folder]\n",
            id="a file for a folder",
        ),
        pytest.param(
            ("serve", "nowhere", "--port", "0"),
            "nowhere:1:1 the folder cannot be listed: No such file or directory "
            "[unreadable_folder]\n",
            id="no folder to serve",
        ),
    ],
)
def test_folder_that_cannot_be_read_is_told_as_an_issue(
    keypoint: Keypoint, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    Site(tmp_path)
    ran = keypoint(*arguments)
    assert ran.code == 1
    assert ran.err.startswith(said)
    assert "to mend: name a folder that is there" in ran.err


# build


def test_build_writes_one_file_that_can_be_served(keypoint: Keypoint, tmp_path: Path) -> None:
    site = Site(tmp_path)
    ran = keypoint("build", "content", "--out", "release.db")
    assert ran.code == 0
    assert ran.err == ""
    assert sorted(file.name for file in tmp_path.iterdir()) == ["content", "release.db"]
    with client(site.settings.model_copy(update={"store": tmp_path / "release.db"})) as served:
        answer = served.get("/v1/articles/first")
        assert answer.status_code == 200
        revision = answer.headers["content-revision"]
        assert served.get("/readyz").json()["status"] == "ready"
    assert ran.out.startswith(f"release.db: revision {revision}, ")
    assert ran.out.endswith(" rows\n")


def test_build_of_broken_content_writes_nothing_and_leaves_what_was_there(
    keypoint: Keypoint, tmp_path: Path
) -> None:
    broken(tmp_path)
    (tmp_path / "release.db").write_bytes(b"before")
    ran = keypoint("build", "content", "--out", "release.db")
    assert ran.code == 1
    assert ran.out == ""
    assert ran.err.splitlines()[-2:] == ["2 errors in 1 file", "release.db is not written"]
    assert (tmp_path / "release.db").read_bytes() == b"before"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["content", "release.db"]


# openapi and schema


def test_openapi_prints_the_contract(keypoint: Keypoint) -> None:
    assert keypoint("openapi") == Ran(0, to_yaml(contract_of(discover())), "")


def test_openapi_into_a_pipe_that_was_closed_says_nothing() -> None:
    with running("openapi") as process:
        process.close_output()
        assert process.end() == Ran(1, "", "")


def test_schema_prints_what_an_editor_s_program_understands(keypoint: Keypoint) -> None:
    ran = keypoint("schema", "contact")
    assert ran.code == 0
    assert ran.err == ""
    schema = json.loads(ran.out)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    validator = jsonschema_rs.Draft202012Validator(schema)
    assert validator.is_valid({"name": "Example contact"})
    assert not validator.is_valid({"nmae": "Example contact"})


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        pytest.param("artcle", ", did you mean 'article'?", id="misspelt"),
        pytest.param("Topic", ", did you mean 'topic'?", id="capital"),
        pytest.param("zzz", "", id="like nothing"),
    ],
)
def test_schema_of_no_type_names_the_nearest_and_all(
    keypoint: Keypoint, name: str, hint: str
) -> None:
    assert keypoint("schema", name) == Ran(
        1,
        "",
        f"keypoint: there is no type '{name}'{hint}; there are: {', '.join(discover())}\n",
    )


# Settings


def test_setting_from_a_variable_is_taken(keypoint: Keypoint, tmp_path: Path) -> None:
    Site(tmp_path).content.rename(tmp_path / "elsewhere")
    keypoint.environment.setenv("KEYPOINT_CONTENT", "elsewhere")
    assert keypoint("check").out == "elsewhere: 9 entries, nothing wrong\n"


def test_option_goes_before_a_variable(keypoint: Keypoint, tmp_path: Path) -> None:
    Site(tmp_path)
    keypoint.environment.setenv("KEYPOINT_CONTENT", "nowhere")
    assert keypoint("check", "content").code == 0


def test_empty_variable_is_none(keypoint: Keypoint, tmp_path: Path) -> None:
    Site(tmp_path)
    keypoint.environment.setenv("KEYPOINT_PORT", "")
    assert keypoint("check").code == 0


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        pytest.param(
            "PORT",
            "many",
            "keypoint: KEYPOINT_PORT: Input should be a valid integer, unable to parse "
            "string as an integer\n",
            id="port",
        ),
        pytest.param(
            "PUBLIC_URL",
            "api.example.org",
            "keypoint: KEYPOINT_PUBLIC_URL: is no web address: write it whole, as "
            "https://example.org/page\n",
            id="address",
        ),
    ],
)
def test_wrong_variable_is_told(keypoint: Keypoint, name: str, value: str, said: str) -> None:
    keypoint.environment.setenv(f"KEYPOINT_{name}", value)
    assert keypoint("check") == Ran(1, "", said)


def test_wrong_port_of_a_preview_names_the_option_that_there_is(keypoint: Keypoint) -> None:
    keypoint.environment.setenv("KEYPOINT_PREVIEW_PORT", "many")
    ran = keypoint("serve", "--preview")
    assert ran.err.startswith("keypoint: --port or KEYPOINT_PREVIEW_PORT: ")


# serve: what stops it


@pytest.mark.parametrize(
    ("store", "said"),
    [
        pytest.param("content", "the store cannot be read: Is a directory\n", id="a folder"),
        pytest.param(
            "content/site.yaml",
            "this file is no Keypoint store; give another --store\n",
            id="another file",
        ),
        pytest.param(
            "content/site.yaml/store.db",
            "the store cannot be read: Not a directory\n",
            id="below one",
        ),
    ],
)
def test_serve_with_a_store_that_cannot_be_used_stops(
    keypoint: Keypoint, tmp_path: Path, store: str, said: str
) -> None:
    Site(tmp_path)
    ran = keypoint("serve", "content", "--port", "0", "--store", store)
    assert ran.code == 1
    assert ran.out == ""
    told, stopped = ran.err.splitlines(keepends=True)
    assert told.startswith(f"keypoint: {store}: {said}")
    assert stopped == f"keypoint: nothing is served: {store} has no revision that can be read\n"


def test_serve_on_a_taken_port_says_so_and_publishes_nothing(
    keypoint: Keypoint, tmp_path: Path
) -> None:
    Site(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = keypoint("serve", "content", "--port", str(port), "--store", "store.db")
    assert ran == Ran(
        1,
        "",
        f"keypoint: 127.0.0.1:{port}: cannot listen there: Address already in use; "
        "give another --host or --port; the port 0 takes a free one\n",
    )
    assert not (tmp_path / "store.db").exists()


def test_serve_of_broken_content_without_an_earlier_revision_stops(
    keypoint: Keypoint, tmp_path: Path
) -> None:
    broken(tmp_path)
    ran = keypoint("serve", "content", "--port", "0", "--store", "store.db")
    assert ran.code == 1
    assert ran.out == ""
    assert ran.err.splitlines()[-2:] == [
        "2 errors in 1 file",
        "keypoint: nothing is served: store.db has no revision that can be read",
    ]


def test_serve_of_broken_content_with_a_damaged_store_says_what_is_damaged(
    keypoint: Keypoint, tmp_path: Path
) -> None:
    site = Site(tmp_path)
    site.publish()
    data = site.store.read_bytes()
    site.store.write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))
    broken(tmp_path)
    ran = keypoint("serve", "content", "--port", "0", "--store", "store.db")
    assert ran.code == 1
    told, *_, stopped = ran.err.splitlines()
    assert told.startswith("keypoint: store.db is damaged, ")
    assert stopped == "keypoint: nothing is served: store.db has no revision that can be read"


def test_serve_of_broken_content_with_an_odd_store_stops(
    keypoint: Keypoint, tmp_path: Path
) -> None:
    broken(tmp_path)
    (tmp_path / "store.db").write_bytes(b"no store")
    ran = keypoint("serve", "content", "--port", "0", "--store", "store.db")
    assert ran.code == 1
    assert ran.err.splitlines() == [
        "keypoint: store.db: this file is no Keypoint store; give another --store",
        "keypoint: nothing is served: store.db has no revision that can be read",
    ]
    assert (tmp_path / "store.db").read_bytes() == b"no store"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_serve_with_a_store_that_may_not_be_read_stops(keypoint: Keypoint, tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.publish()
    site.store.chmod(0)
    ran = keypoint("serve", "content", "--port", "0", "--store", "store.db")
    site.store.chmod(stat.S_IRUSR | stat.S_IWUSR)
    assert ran.code == 1
    told, stopped = ran.err.splitlines()
    assert told.startswith("keypoint: store.db: the store ")
    assert stopped == "keypoint: nothing is served: store.db has no revision that can be read"


def test_serve_with_the_store_of_another_version_says_what_to_do(
    keypoint: Keypoint, tmp_path: Path
) -> None:
    site = Site(tmp_path)
    site.publish()
    data = bytearray(site.store.read_bytes())
    # SQLite's file format, 1.3: the user version stands at offset 60.
    data[60:64] = (99).to_bytes(4, "big")
    site.store.write_bytes(data)
    ran = keypoint("serve", "content", "--port", "0", "--store", "store.db")
    assert ran == Ran(
        1,
        "",
        f"keypoint: store.db: the store is of version 99, this program knows {SCHEMA_VERSION}: "
        "use the newer program, or give another --store\n"
        "keypoint: nothing is served: store.db has no revision that can be read\n",
    )


# serve: what it does


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    """The address of a server that no test stops."""
    site = Site(tmp_path_factory.mktemp("served"))
    with running("serve", site.content, "--port", "0", "--store", site.store) as process:
        yield process.address()


@pytest.mark.parametrize("path", ["/v1/articles/first", "/v1/articles", "/", "/nothing"])
def test_real_server_answers_head_with_the_headers_of_get_and_no_body(
    server: tuple[str, int], path: str
) -> None:
    headers = {"X-Request-Id": "same"}
    (get, body), (head, nothing) = (
        fetch(server, path, method, headers) for method in ("GET", "HEAD")
    )
    told = [[pair for pair in one.getheaders() if pair[0] != "date"] for one in (get, head)]
    assert told[0] == told[1]
    assert head.headers["content-length"] == str(len(body))
    assert nothing == b""


def test_real_server_sends_a_304_without_a_body(server: tuple[str, int]) -> None:
    etag = fetch(server, "/v1/articles/first")[0].headers["etag"]
    answer, body = fetch(server, "/v1/articles/first", headers={"If-None-Match": etag})
    assert answer.status == 304
    assert body == b""
    assert answer.headers["content-length"] is None


def test_real_server_does_not_tell_what_it_is_made_of(server: tuple[str, int]) -> None:
    assert fetch(server, "/v1")[0].headers["server"] is None


@pytest.mark.parametrize(
    ("target", "status"),
    [
        pytest.param(b"//evil.example/", b"404", id="host for a path"),
        pytest.param(b"/\\evil.example/", b"404", id="backslash for a slash"),
        pytest.param(b"http://evil.example/v1/", b"308", id="whole address"),
        pytest.param(b"/v1/articles%0A", b"404", id="line feed"),
        pytest.param(b"/v1/articles?a=%0D%0Ax:%20y", b"400", id="line feed in the query"),
        pytest.param(b"/" + b"a" * 9_000, b"414", id="overlong"),
    ],
)
def test_real_server_takes_no_target_for_another_host(
    server: tuple[str, int], target: bytes, status: bytes
) -> None:
    answer = send(server, b"GET " + target + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    head, _, _ = answer.partition(b"\r\n\r\n")
    assert head.split(b" ")[1] == status
    assert b"evil.example" not in head
    assert all(b":" in line for line in head.split(b"\r\n")[1:])


def test_real_server_closes_a_connection_after_a_refused_body(
    server: tuple[str, int],
) -> None:
    answer = send(
        server,
        b"POST /v1 HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody",
        b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    )
    assert answer.startswith(b"HTTP/1.1 405 ")
    assert b"connection: close" in answer
    assert answer.count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serve_publishes_says_where_it_serves_and_ends_in_time(
    tmp_path: Path, number: signal.Signals
) -> None:
    site = Site(tmp_path)
    variables = {
        "KEYPOINT_PORT": "0",
        "KEYPOINT_STORE": str(site.store),
        "KEYPOINT_CONTENT": str(site.content),
        "KEYPOINT_PUBLIC_URL": "https://api.example.org/",
    }
    with running("serve", **variables) as process:
        published = process.line()
        address = process.address()
        answer, _ = fetch(address, "/v1/topics/one")
        _, problem = fetch(address, "/nothing")
        process.signal(number)
        began = time.monotonic()
        ran = process.end()
    revision = answer.headers["content-revision"]
    assert published.startswith(f"{site.content}: published revision {revision}, ")
    assert published.endswith(" rows added, 0 ended\n")
    assert address[0] == "127.0.0.1"
    assert answer.status == 200
    assert json.loads(problem)["type"] == "https://api.example.org/docs/problems/not_found"
    assert time.monotonic() - began < 5
    assert ran.code == 0
    assert "Traceback" not in ran.err


def test_broken_content_is_told_and_the_earlier_revision_is_served_on(tmp_path: Path) -> None:
    site = broken(tmp_path, published=True)
    write(site.content, {"articles/second.md": WARNED_PAGE})
    with running("serve", site.content, "--port", "0", "--store", site.store) as process:
        address = process.address()
        answer, body = fetch(address, "/v1/topics/one")
        readiness = degraded(address)
        process.signal(signal.SIGTERM)
        ran = process.end()
    assert json.loads(body)["data"]["title"] == "One"
    revision = answer.headers["content-revision"]
    assert readiness["status"] == "degraded"
    assert readiness["revision"] == revision
    assert readiness["last_failure"]["reason"] == "content"
    assert readiness["last_failure"]["issues"] == 2
    assert readiness["last_failure"]["codes"] == ["missing_field", "unknown_field"]
    assert f"not published: revision {revision} is served on" in ran.err.splitlines()
    assert "2 errors, 2 warnings in 2 files" in ran.err.splitlines()


def test_store_that_another_writer_holds_is_served_on(tmp_path: Path) -> None:
    site = Site(tmp_path)
    revision = site.publish().revision.name
    write(site.content, {"topics/one.yaml": "title: One anew\n"})
    with closing(sqlite3.connect(site.store, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        with running("serve", site.content, "--port", "0", "--store", site.store) as process:
            address = process.address()
            answer, body = fetch(address, "/v1/topics/one")
            told = degraded(address)
            process.signal(signal.SIGTERM)
            ran = process.end()
    assert json.loads(body)["data"]["title"] == "One"
    assert answer.headers["content-revision"] == revision
    assert told["revision"] == revision
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", told["last_failure"].pop("at"))
    assert told["last_failure"] == {"reason": "store", "issues": 0, "codes": [], "texts": None}
    assert ran.err.splitlines() == [
        f"keypoint: {site.store}: another publish into this store is under way",
        f"not published: revision {revision} is served on",
    ]


# serve --read-only


@pytest.mark.parametrize("given", ["option", "variable"])
def test_read_only_serves_a_built_file_and_changes_nothing(
    keypoint: Keypoint, tmp_path: Path, given: str
) -> None:
    site = Site(tmp_path)
    built = keypoint("build", "content", "--out", "release.db").out
    revision = built.split()[2].rstrip(",")
    release = tmp_path / "release.db"
    before = release.read_bytes()
    write(site.content, BROKEN)
    option = ("--read-only",) if given == "option" else ()
    variables = {"KEYPOINT_READ_ONLY": "1"} if given == "variable" else {}
    arguments = ("serve", site.content, "--port", "0", "--store", release, *option)
    with running(*arguments, **variables) as process:
        said = process.line()
        address = process.served_at(said)
        answer, body = fetch(address, "/v1/topics/one")
        _, ready = fetch(address, "/readyz")
        beside = sorted(file.name for file in tmp_path.iterdir())
        process.signal(signal.SIGTERM)
        ran = process.end()
    assert answer.headers["content-revision"] == revision
    assert json.loads(body)["data"]["title"] == "One"
    told = json.loads(ready)
    assert (told["status"], told["last_failure"]) == ("ready", None)
    assert (ran.out, ran.err) == ("", "")
    assert release.read_bytes() == before
    assert beside == ["content", "release.db"]


def test_read_only_needs_no_content(keypoint: Keypoint, tmp_path: Path) -> None:
    site = Site(tmp_path)
    assert keypoint("build", "content", "--out", "release.db").code == 0
    shutil.rmtree(site.content)
    arguments = ("serve", site.content, "--store", tmp_path / "release.db", "--read-only")
    with running(*arguments, "--port", "0") as process:
        assert fetch(process.address(), "/v1/topics/one")[0].status == 200


def _nothing(store: Path) -> None:
    """Leave no file where the store would be."""


def _no_store(store: Path) -> None:
    store.write_bytes(b"no store")


def _no_revision(store: Path) -> None:
    open_writable(store).close()


@pytest.mark.parametrize("given", ["option", "variable"])
@pytest.mark.parametrize(
    ("make", "said"),
    [
        pytest.param(_nothing, f"cannot be opened: {NO_FILE}", id="no file"),
        pytest.param(_no_store, "cannot be read: file is not a database", id="no store"),
        pytest.param(_no_revision, "has no revision", id="no revision"),
    ],
)
def test_read_only_without_a_revision_stops_and_makes_none(
    keypoint: Keypoint, tmp_path: Path, make: Callable[[Path], None], said: str, given: str
) -> None:
    Site(tmp_path)
    make(tmp_path / "store.db")
    before = {file.name: file.read_bytes() for file in tmp_path.glob("store.db")}
    option = ("--read-only",) if given == "option" else ()
    if given == "variable":
        keypoint.environment.setenv("KEYPOINT_READ_ONLY", "1")
    assert keypoint("serve", "content", "--port", "0", "--store", "store.db", *option) == Ran(
        1, "", f"keypoint: store.db: the store {said}\n"
    )
    assert {file.name: file.read_bytes() for file in tmp_path.glob("store.db")} == before


# serve: more of what it does


def test_built_file_is_served_and_equal_content_changes_nothing(
    keypoint: Keypoint, tmp_path: Path
) -> None:
    site = Site(tmp_path)
    built = keypoint("build", "content", "--out", "release.db").out
    revision = built.split()[2].rstrip(",")
    arguments = ("serve", site.content, "--port", "0", "--store", tmp_path / "release.db")
    with running(*arguments) as process:
        answer, _ = fetch(process.address(), "/v1/articles/first")
        said = process.line()
        process.signal(signal.SIGTERM)
        process.end()
    assert said == f"{site.content}: revision {revision}, nothing has changed\n"
    assert answer.headers["content-revision"] == revision


def test_serve_on_ipv6_shows_its_address_in_brackets(tmp_path: Path) -> None:
    if not socket.has_ipv6:
        pytest.skip("this machine has no IPv6")
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("this machine has no IPv6")
    site = Site(tmp_path)
    arguments = ("--host", "::1", "--port", "0", "--store", site.store)
    with running("serve", site.content, *arguments) as process:
        host, port = process.address()
        assert host == "[::1]"
        assert fetch(("::1", port), "/healthz")[0].status == 200


def _published_twice(folder: Path) -> tuple[Site, str, str]:
    """Return a site that was published twice, with the names of both revisions."""
    site = Site(folder)
    old = site.publish().revision.name
    write(site.content, {"topics/one.yaml": "title: Changed\n"})
    return site, old, site.publish().revision.name


def test_revisions_are_listed_the_newest_first(keypoint: Keypoint, tmp_path: Path) -> None:
    site, old, new = _published_twice(tmp_path)
    ran = keypoint("revisions", "--store", site.store)
    assert (ran.code, ran.err) == (0, "")
    first, second = (line.split() for line in ran.out.splitlines())
    assert first[:7] == [new, "2", "2026-11-23T12:00:00Z", "publish", "0", "2", "0"]
    assert second[:7] == [old, "1", "2026-11-23T12:00:00Z", "publish", "-", "-", "-"]


def test_revisions_for_programs_are_json(keypoint: Keypoint, tmp_path: Path) -> None:
    site, old, new = _published_twice(tmp_path)
    told = json.loads(keypoint("revisions", "--store", site.store, "--format", "json").out)
    assert [one["revision"] for one in told] == [new, old]
    assert {name: told[0][name] for name in ("number", "origin", "added", "changed")} == {
        "number": 2,
        "origin": "publish",
        "added": 0,
        "changed": 2,
    }
    assert told[1]["added"] is None


def test_rollback_serves_the_revision_before_and_a_publish_the_folder(
    keypoint: Keypoint, tmp_path: Path
) -> None:
    site, old, new = _published_twice(tmp_path)
    ran = keypoint("rollback", "--store", site.store)
    assert ran.code == 0
    assert f"{site.store}: back to revision {old} (3), " in ran.out
    with client(site.settings) as served:
        assert served.get("/v1/topics/one").json()["data"]["title"] == "One"
    assert site.publish().revision.name == new
    with client(site.settings) as served:
        assert served.get("/v1/topics/one").json()["data"]["title"] == "Changed"


def test_rollback_to_the_current_revision_says_so(keypoint: Keypoint, tmp_path: Path) -> None:
    site, _, new = _published_twice(tmp_path)
    ran = keypoint("rollback", new, "--store", site.store)
    assert (ran.code, ran.out) == (
        0,
        f"{site.store}: revision {new} (2) is the current one already\n",
    )


def test_rollback_to_no_revision_names_those_that_there_are(
    keypoint: Keypoint, tmp_path: Path
) -> None:
    site, old, new = _published_twice(tmp_path)
    ran = keypoint("rollback", "7", "--store", site.store)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == (
        f"keypoint: {site.store}: there is no revision 7; there are {new} (2), {old} (1)\n"
    )


@pytest.mark.parametrize("command", ["revisions", "rollback"])
def test_store_that_is_not_there_is_told_and_not_made(
    keypoint: Keypoint, tmp_path: Path, command: str
) -> None:
    ran = keypoint(command, "--store", tmp_path / "none.db")
    assert ran.code == 1
    said = "there is no such store: publish into it first"
    assert ran.err == f"keypoint: {tmp_path}/none.db: {said}\n"
    assert list(tmp_path.iterdir()) == []
