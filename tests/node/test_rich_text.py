"""The snippet of the page on rich text shows every block, in Node, against the real server."""

import subprocess
from pathlib import Path

from tests.docs.test_readme import ADDRESS
from tests.docs.test_rich_text import example, page_site
from tests.support import running


def test_shown_snippet_shows_every_block(packages: Path, tmp_path: Path) -> None:
    site = page_site(tmp_path)
    with running(site.content, site.store) as address:
        done = subprocess.run(
            ["node", "--input-type=module", "-e", example("js").replace(ADDRESS, address)],
            cwd=packages,
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )
    assert (done.returncode, done.stderr) == (0, "")
    for shown in (
        "<strong>strong</strong>",
        'list.pdf">list</a> and a note.<sup>[1]</sup></p>',
        'door.png" alt="A door with a blue sign" title="Our door" width="30" height="20">',
        '<li><input type="checkbox" disabled checked> done</li>',
        '<li><input type="checkbox" disabled> still to do</li>',
        '<td align="left"><em>a</em></td><td align="right">b</td>',
        '<pre><code class="language-python">print("code")\n</code></pre><hr>',
        "<p><sup>[1]</sup> Where it comes from.</p>",
    ):
        assert shown in done.stdout, shown
