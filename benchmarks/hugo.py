"""A Hugo site that makes JSON of a corpus: each article's front matter and its content as HTML.

Made as its authors recommend for speed: no theme, no lists, nothing that is not asked for.
"""

import json
import subprocess
from pathlib import Path

from benchmarks.load import tool

TEMPLATE = (
    '{{- merge .Params (dict "slug" .File.ContentBaseName "content" .Content) | jsonify -}}\n'
)
KINDS = ["home", "section", "taxonomy", "term", "RSS", "sitemap", "robotsTXT", "404"]


def site(folder: Path, content: Path) -> None:
    """Write a site whose content is the articles of a corpus."""
    (folder / "layouts/_default").mkdir(parents=True)
    (folder / "layouts/_default/single.json").write_text(TEMPLATE)
    config = {
        "baseURL": "http://localhost/",
        "disableKinds": KINDS,
        "uglyURLs": True,
        "outputs": {"page": ["json"]},
        "module": {"mounts": [{"source": str(content / "articles"), "target": "content/articles"}]},
    }
    (folder / "config.json").write_text(json.dumps(config))


def command(folder: Path, out: Path) -> list[str]:
    """Return what builds a site into a new folder, keeping nothing for another time."""
    return [
        tool("hugo", "hugo"),
        *("--source", str(folder)),
        *("--destination", str(out)),
        *("--cacheDir", str(out.with_name(f"{out.name}-cache"))),
        "--ignoreCache",
        "--noBuildLock",
        "--quiet",
    ]


def articles(out: Path) -> int:
    """Return how many articles a build has made; each has its title and its text.

    Raises KeyError where one has not.
    """
    count = 0
    for file in (out / "articles").glob("*.json"):
        article = json.loads(file.read_bytes())
        if not article["title"] or "<h3" not in article["content"]:
            raise KeyError(file.name)
        count += 1
    return count


def version() -> str:
    """Return the version of the program."""
    told = subprocess.run(
        [tool("hugo", "hugo"), "version"], check=True, capture_output=True, text=True
    )
    return told.stdout.split()[1]
