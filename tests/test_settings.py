"""Settings come from the command line, then from variables, then from their defaults."""

import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from api.settings import Settings


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"KEYPOINT_{name.upper()}", raising=False)


def test_defaults_serve_the_content_folder_on_this_machine_alone() -> None:
    settings = Settings()
    assert settings.content == Path("content")
    assert settings.store is None
    assert settings.store_file == Path(".keypoint/store.db")
    assert settings.read_only is False
    assert settings.schemas is None
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.public_url is None
    assert (settings.workers, settings.watch, settings.grace_seconds) == (1, False, 10)
    assert (settings.publish_memory, settings.publish_seconds) == (8192, 900)
    assert settings.readiness_token is None


@pytest.mark.parametrize(
    ("variable", "text", "name", "value"),
    [
        ("KEYPOINT_CONTENT", "/srv/content", "content", Path("/srv/content")),
        ("KEYPOINT_STORE", "/srv/store.db", "store", Path("/srv/store.db")),
        ("KEYPOINT_READ_ONLY", "1", "read_only", True),
        ("KEYPOINT_SCHEMAS", "types", "schemas", Path("types")),
        ("KEYPOINT_HOST", "::1", "host", "::1"),
        ("KEYPOINT_PORT", "0", "port", 0),
        ("KEYPOINT_PUBLIC_URL", "https://a.example.org", "public_url", "https://a.example.org"),
        ("KEYPOINT_WORKERS", "64", "workers", 64),
        ("KEYPOINT_WATCH", "1", "watch", True),
        ("KEYPOINT_GRACE_SECONDS", "30", "grace_seconds", 30),
        ("KEYPOINT_PUBLISH_MEMORY", "512", "publish_memory", 512),
        ("KEYPOINT_PUBLISH_SECONDS", "60", "publish_seconds", 60),
        ("keypoint_port", "65535", "port", 65535),
    ],
)
def test_variable_sets_its_setting(
    monkeypatch: pytest.MonkeyPatch, variable: str, text: str, name: str, value: object
) -> None:
    monkeypatch.setenv(variable, text)
    assert getattr(Settings(), name) == value


def test_what_is_given_goes_before_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEYPOINT_PORT", "9000")
    assert Settings(port=9001).port == 9001


def test_empty_variable_is_none_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEYPOINT_PORT", "")
    monkeypatch.setenv("KEYPOINT_PUBLIC_URL", "")
    assert (Settings().port, Settings().public_url) == (8000, None)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://api.example.org", "https://api.example.org"),
        ("https://api.example.org/", "https://api.example.org"),
        ("https://example.org/api//", "https://example.org/api"),
    ],
)
def test_public_url_is_kept_without_a_slash_at_its_end(given: str, kept: str) -> None:
    assert Settings(public_url=given).public_url == kept


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({"port": -1}, id="port below"),
        pytest.param({"port": 65536}, id="port above"),
        pytest.param({"port": "http"}, id="port in words"),
        pytest.param({"workers": 0}, id="no worker"),
        pytest.param({"workers": 65}, id="too many workers"),
        pytest.param({"readiness_token": "short"}, id="token that can be guessed"),
        pytest.param({"public_url": "api.example.org"}, id="address without a scheme"),
        pytest.param({"public_url": "ftp://example.org"}, id="another scheme"),
        pytest.param({"sotre": "x.db"}, id="unknown setting"),
    ],
)
def test_wrong_setting_is_refused_by_its_name(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as caught:
        Settings(**given)
    (error,) = caught.value.errors()
    assert error["loc"] == tuple(given)


def test_settings_do_not_change_while_the_process_runs() -> None:
    settings = Settings()
    with pytest.raises(ValidationError, match="frozen"):
        settings.port = 1


@pytest.mark.parametrize("content", ["content", "notes", "/srv/content"])
def test_given_store_is_the_store_of_any_content(content: str) -> None:
    settings = Settings(content=Path(content), store=Path("/srv/store.db"))
    assert settings.store_file == Path("/srv/store.db")


def test_folder_content_has_the_same_store_however_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in (Path("content"), Path("./content"), tmp_path / "content", Path("x/../content")):
        assert Settings(content=name).store_file == Path(".keypoint/store.db")


def test_other_folder_has_a_store_of_its_own_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    store = str(Settings(content=Path("notes")).store_file)
    assert re.fullmatch(r"\.keypoint/notes-[0-9a-f]{8}\.db", store)
    (tmp_path / "notes").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "notes")
    for same in (Path("./notes"), tmp_path / "notes", tmp_path / "x/../notes", Path("link")):
        assert str(Settings(content=same).store_file) == store


@pytest.mark.parametrize("name", ["notes", "content"])
def test_folders_of_one_name_in_two_places_have_two_stores(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    places = (tmp_path / "a" / name, tmp_path / "b" / name, tmp_path / name)
    stores = {Settings(content=place).store_file for place in places}
    assert len(stores) == 3
    assert {store.parent for store in stores} == {Path(".keypoint")}


def test_every_setting_is_described() -> None:
    assert all(field.description for field in Settings.model_fields.values())
