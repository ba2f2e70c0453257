"""The README is true: its blocks run, and what they show is what the API says."""

import json
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from api.settings import Settings
from tests.support import ARTICLE, REPOSITORY, SEED_CONTENT, Site, client, running, serving, write

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
ADDRESS = "http://127.0.0.1:8000"


def blocks(language: str) -> list[str]:
    """Return the README's code blocks in a language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running(SEED_CONTENT, tmp_path_factory.mktemp("readme") / "store.db") as opened:
        yield opened


def test_the_shown_file_is_the_real_one_shortened() -> None:
    file = SEED_CONTENT / f"articles/{ARTICLE.rpartition('/')[2]}.md"
    lines = iter(file.read_text(encoding="utf-8").splitlines())
    for shown in blocks("markdown")[0].splitlines():
        start = shown.removesuffix("…").rstrip()
        assert any(line.startswith(start) for line in lines), shown


def test_the_shown_json_is_the_real_answer_shortened(tmp_path: Path) -> None:
    site = Site(tmp_path, {})
    shutil.copytree(SEED_CONTENT, site.content, dirs_exist_ok=True)
    site.publish()
    with client(Settings(store=site.store)) as served:
        answer = served.get(f"{ARTICLE}?rich_text=text").json()
    _assert_part(json.loads(blocks("json")[0]), answer, "")


def _assert_part(shown: Any, real: Any, where: str) -> None:
    if isinstance(shown, dict):
        for name, value in shown.items():
            _assert_part(value, real[name], f"{where}/{name}")
    elif isinstance(shown, list):
        for index, value in enumerate(shown):
            _assert_part(value, real[index], f"{where}/{index}")
    elif isinstance(shown, str) and shown.endswith("…"):
        assert real.startswith(shown.removesuffix("…").rstrip()), where
    else:
        assert shown == real, where


def _commands() -> list[str]:
    return [
        line for block in blocks("sh") for line in block.splitlines() if line.startswith("curl")
    ]


@pytest.mark.parametrize("command", _commands())
def test_shown_curl_commands_answer(address: str, command: str) -> None:
    shown = command.replace(ADDRESS, address).replace("curl -s", "curl -sf")
    done = subprocess.run(shown, shell=True, capture_output=True, check=False, timeout=20)  # noqa: S602 - the README's own line
    assert done.returncode == 0, done.stderr
    assert done.stdout


def _shown(command: str) -> list[str]:
    """Return the words of the README's line that has a command of keypoint."""
    lines = (line for block in blocks("sh") for line in block.splitlines())
    (found,) = (line for line in lines if f"keypoint {command}" in line)
    return found.split()


def test_shown_check_command_passes() -> None:
    done = subprocess.run(_shown("check"), cwd=REPOSITORY, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_shown_workflow_tells_a_mistake_at_its_line(tmp_path: Path) -> None:
    runs = re.findall(r"- run: (.+)", blocks("yaml")[0])
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    assert runs[0] == "make install"
    assert re.search(r"^install:", makefile, re.MULTILINE)
    Site(tmp_path, {"topics/one.yaml": "title: One\nsumary: Words.\n"})
    program, *words = runs[1].split()
    command = [str(REPOSITORY / program), *words]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, text=True)
    assert done.returncode == 1
    assert done.stdout.startswith("::error file=content/topics/one.yaml,line=2,")


def test_shown_report_is_the_one_of_such_a_mistake(tmp_path: Path) -> None:
    wrong = "---\ntitle: First\nsumary: What it says, in a sentence.\n---\nText.\n"
    Site(tmp_path, {"articles/first.md": wrong})
    command = [str(REPOSITORY / _shown("check")[0]), *_shown("check")[1:]]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, text=True)
    assert (done.returncode, done.stderr) == (1, blocks("text")[0])


def test_shown_release_is_built_and_served(tmp_path: Path) -> None:
    release = str(tmp_path / "release.db")
    build = [release if word == "release.db" else word for word in _shown("build")]
    done = subprocess.run(build, cwd=REPOSITORY, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    serve = [release if word == "release.db" else word for word in _shown("serve")]
    assert serve[-4:] == ["--host", "0.0.0.0", "--port", "80"]  # noqa: S104 - what is shown
    with serving([*serve[:-4], "--port", "0"], REPOSITORY) as address:
        assert _json(f"{address}/v1/contact")["data"]["name"] == "The Epec Clinic"
        assert _json(f"{address}/readyz")["status"] == "ready"


def test_shown_publish_is_served_by_a_server_that_runs(tmp_path: Path) -> None:
    store = str(tmp_path / "store.db")
    site = Site(tmp_path)
    words = [store if word.endswith(".db") else word for word in _shown("publish")]
    publish = [str(REPOSITORY / words[0]), *words[1:]]
    subprocess.run(publish, cwd=tmp_path, capture_output=True, check=True)
    serve = [publish[0], "serve", "--store", store, "--read-only", "--port", "0"]
    with serving(serve, tmp_path) as address:
        write(site.content, {"topics/one.yaml": "title: Changed\n"})
        subprocess.run(publish, cwd=tmp_path, capture_output=True, check=True)
        assert _json(f"{address}/v1/topics/one")["data"]["title"] == "Changed"


def test_release_that_is_built_again_is_served_within_a_second(tmp_path: Path) -> None:
    keypoint, release = str(REPOSITORY / _shown("build")[0]), str(tmp_path / "release.db")
    build = [keypoint, "build", "content", "--out", release]
    serve = [keypoint, "serve", "--store", release, "--read-only", "--port", "0"]
    site = Site(tmp_path)
    subprocess.run(build, cwd=tmp_path, capture_output=True, check=True)
    with serving(serve, tmp_path) as address:
        assert _json(f"{address}/v1/topics/one")["data"]["title"] == "One"
        write(site.content, {"topics/one.yaml": "title: Changed\n"})
        subprocess.run(build, cwd=tmp_path, capture_output=True, check=True)
        end = time.monotonic() + 3  # a second, and what a busy machine takes
        while _json(f"{address}/v1/topics/one")["data"]["title"] != "Changed":
            assert time.monotonic() < end
            time.sleep(0.05)


def test_shown_make_targets_exist() -> None:
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"(?:^|`)make (\w+)", README, re.MULTILINE))
    assert {"serve", "test", "openapi", "check", "fix", "bench"} <= targets
    for target in targets:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_shown_content_type_works_as_written(tmp_path: Path) -> None:
    for name in ("api", "schemas", "content"):
        shutil.copytree(REPOSITORY / name, tmp_path / name)
    write(tmp_path, {"schemas/question.py": blocks("python")[0]})
    write(tmp_path, {"content/questions/example.md": blocks("markdown")[1]})
    with running(tmp_path / "content", tmp_path / "store.db", program=tmp_path) as address:
        question = _json(f"{address}/v1/questions/example")["data"]
        assert question["asked_on"] == "2026-05-01"
        assert [topic["title"] for topic in question["topics"]] == ["Addiction"]
        assert "/v1/questions/{slug}" in _json(f"{address}/v1/openapi.json")["paths"]
        assert _json(f"{address}/v1/schemas/question")["title"] == "Question"


def _json(address: str) -> Any:
    answer = httpx2.get(address)
    assert answer.status_code == 200
    return answer.json()


def test_shown_fields_of_swift_and_kotlin_are_the_contracts(tmp_path: Path) -> None:
    with Site(tmp_path).served() as served:
        schemas = served.get("/v1/openapi.json").json()["components"]["schemas"]
    for language in ("swift", "kotlin"):
        (block,) = blocks(language)
        for model in ("Contact", "Phone"):
            (line,) = re.findall(rf"(?:struct|class) {model}\b.*", block)
            for name in re.findall(r"(?:let|val|,) (\w+): ", line):
                assert name in schemas[model]["properties"], f"{language} {model}.{name}"


def test_shown_links_lead_to_files() -> None:
    prose = re.sub(r"`[^`\n]+`", "", README)
    for target in re.findall(r"\]\(([^)#:]+)\)", prose):
        assert (REPOSITORY / target).exists(), target
