"""Files of a small site as hypothesis draws them: they refer to each other, to media, to times."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from io import BytesIO

from hypothesis import strategies as st
from PIL import Image

from api.compiler.review import text_digest
from schemas.topic import Topic

BEGIN = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TIMES = (BEGIN - DAY, BEGIN + HOUR, BEGIN + DAY, BEGIN + 40 * DAY)
"""The instants that files name."""
CLOCK = (
    *TIMES,
    BEGIN,
    *(one + timedelta(milliseconds=300) for one in TIMES),
    *(one - timedelta(milliseconds=300) for one in TIMES),
    BEGIN.replace(year=1999),
    BEGIN.replace(year=2106),
)
"""The instants at which the folder is published."""

TITLES = st.sampled_from(("One", "Two", "Три", "A longer title"))
IDS = st.sampled_from((None, None, None, "first", "second", "moved"))
TOPICS = ("topics/one", "topics/two", "topics/three")
ARTICLES = ("articles/first", "articles/second", "articles/third")
MEDIA = ("articles/a.png", "media/b.png", "media/c.pdf", "a.png")
SITES = (
    "name: Example\ndefault_locale: en\nlocales: [en, uk]\n",
    "name: Example\ndefault_locale: en\nlocales: [uk, en]\n",
    "name: Other\ndefault_locale: en\nlocales: [uk, en, fr]\n",
    "name: Example\ndefault_locale: en\nlocales: [en]\n",
    "name: Example\ndefault_locale: uk\nlocales: [en, uk]\n",
)


def _png(colour: str) -> bytes:
    file = BytesIO()
    Image.new("RGB", (2, 2), colour).save(file, "PNG")
    return file.getvalue()


PICTURES = (_png("red"), _png("blue"))
FILES = (b"%PDF-1.4\n%%EOF\n", b"%PDF-1.5\n%%EOF\n")


def bodies(name: str) -> st.SearchStrategy[bytes]:
    """Return what a media file may hold: files of one kind have one size."""
    sound = PICTURES if name.endswith(".png") else FILES
    return st.sampled_from((*sound, *sound, b"broken"))


@st.composite
def lifecycles(draw: st.DrawFn) -> str:
    """Fields that say when readers have an entry: most often none."""
    at = draw(st.sampled_from(TIMES)).isoformat()
    replacement = draw(st.sampled_from(("first", "second", "topic:one")))
    return draw(
        st.sampled_from(
            (
                *("" for _ in range(12)),
                "status: draft\n",
                f"publish_at: {at}\n",
                f"expire_at: {at}\n",
                "withdrawn: {reason: An example}\nredirect_from: [former]\n",
                f"withdrawn: {{reason: An example, at: {at}, replacement: '{replacement}'}}\n",
                "redirect_from: [former]\n",
                "redirect_from: [third]\n",
                "withdrawn: {reason: An example}\nredirect_from: [moved]\n",
            )
        )
    )


@st.composite
def topics(draw: st.DrawFn) -> str:
    """A topic in YAML."""
    id_ = draw(IDS)
    named = f"id: {id_}\n" if id_ else ""
    title = draw(TITLES)
    return f"{named}title: {title}\n{draw(lifecycles())}{draw(reviews(title))}"


@st.composite
def reviews(draw: st.DrawFn, title: str) -> str:
    """Fields that say when a topic of this title was reviewed: most often none."""
    due = draw(st.sampled_from(TIMES)).date()
    digest = text_digest(Topic(title=draw(st.sampled_from((title, title, "One")))), {})
    review = f"{{reviewed_by: ann, at: 2026-01-01, next_due: {due}, digest: {digest}}}"
    return draw(st.sampled_from(("", "", f"review: {review}\n")))


@st.composite
def articles(draw: st.DrawFn, there: Collection[str]) -> str:
    """An article in Markdown; most often it refers to what is there."""
    slugs, others = _slugs(there, "topics"), _slugs(there, "articles")
    id_ = draw(IDS)
    some = st.booleans()
    lines = ["---", f"title: {draw(TITLES)}"]
    if id_:
        lines.append(f"id: {id_}")
    if draw(some) and slugs:
        lines.append(f"topics: [{draw(st.sampled_from([*slugs, *slugs, 'moved']))}]")
    if draw(some) and others:
        lines.append(f"related: [{draw(st.sampled_from([*others, *others, 'moved']))}]")
    if any(name.startswith("people/") for name in there) and draw(some):
        lines.append("author: ann")
    text = "\n".join(lines) + "\n" + draw(lifecycles()) + "---\nA body.\n"
    return text + draw(links(there)) + draw(sections())


def _slugs(there: Collection[str], folder: str) -> list[str]:
    names = (name.partition("/") for name in there)
    return sorted({last.partition(".")[0] for first, _, last in names if first == folder})


@st.composite
def links(draw: st.DrawFn, there: Collection[str]) -> str:
    """Links to files and entries."""
    addresses = ["topic:one", "article:first", "article:second#part", "section:first.part"]
    addresses += ["#part", "article:moved"]
    addresses += [f"../{name}" for name in there if not name.startswith("site")]
    found = draw(st.lists(st.sampled_from(addresses), max_size=2))
    return "".join(
        f"\n![An example]({address})\n" if address.endswith(".png") else f"\n[link]({address})\n"
        for address in found
    )


@st.composite
def sections(draw: st.DrawFn) -> str:
    """A section with a point, most often; its key changes."""
    key = draw(st.sampled_from(("part", "part", "other", "")))
    return f"\n## Section {{#{key}}}\n\nA lead.\n\n### Point\n\nText.\n" if key else ""


@st.composite
def translations(draw: st.DrawFn, there: Collection[str]) -> str:
    """An article in another language."""
    return f"---\ntitle: {draw(TITLES)}\n---\nNée.\n{draw(links(there))}{draw(sections())}"


def comments() -> st.SearchStrategy[str]:
    """Return comments: each needs an article."""
    return st.sampled_from(
        [f"---\narticle: {slug}\n---\nAn example.\n" for slug in ("first", "second", "moved")]
    )
