"""What was compiled by another program, or by other libraries, is compiled again."""

from importlib import metadata
from pathlib import Path

import pytest

from api.compiler import pipeline, tools
from api.compiler.tools import tools_of
from tests.support import NOW, Site, own_models

MODELS = own_models()


def _compiled(site: Site) -> int:
    """Publish, and return how many entries that compiled."""
    steps = []
    pipeline.publish(
        site.content,
        site.store,
        MODELS,
        NOW,
        lambda stage, done, total: steps.append(total),  # noqa: ARG005 - as a Report is called
        tools=tools_of(MODELS),
    )
    return max(steps, default=0)


@pytest.mark.parametrize("library", ["pyromark", "pillow", "pydantic-core"])
def test_other_version_of_a_library_compiles_all_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    site = Site(tmp_path)
    everything = _compiled(site)
    monkeypatch.setattr("api.source.opening.SETTLED_NS", 0)
    _compiled(site)
    assert _compiled(site) == 0
    version = metadata.version
    monkeypatch.setattr(tools, "version", lambda name: version(name) + "x" * (name == library))
    assert _compiled(site) == everything
