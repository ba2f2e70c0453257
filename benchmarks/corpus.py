"""A plainly synthetic corpus, shaped like the first content: articles with key points, topics."""

from pathlib import Path
from random import Random

TOPICS = 40
POINTS = 7
SENTENCE = 9
"""Words: so many that an article is about 3.5 KB of JSON."""
WORDS = ("an", "example", "of", "plainly", "synthetic", "text", "that", "nobody", "reads")


def corpus(folder: Path, count: int) -> None:
    """Write topics and `count` articles, the same ones for the same count."""
    random = Random(count)  # noqa: S311 - a reproducible corpus, no secret
    for name in ("topics", "articles"):
        (folder / name).mkdir(parents=True)
    for number in range(TOPICS):
        (folder / f"topics/topic-{number}.yaml").write_text(f"title: Topic {number}\n")
    for number in range(count):
        text = _article(number, random)
        (folder / f"articles/article-{number}.md").write_text(text)


def _article(number: int, random: Random) -> str:
    topics = ", ".join(f"topic-{number}" for number in random.sample(range(TOPICS), 2))
    points = "\n\n".join(
        f"### Point {point}\n\n{_sentence(random)}" for point in range(1, POINTS + 1)
    )
    return (
        f"---\ntitle: Synthetic article {number}\ntopics: [{topics}]\n"
        f"updated_at: 2026-01-{random.randrange(1, 28):02}T09:00:00Z\n---\n"
        f"{_sentence(random)}\n\n## {{#key-points .ordered}}\n\n{_sentence(random)}\n\n{points}\n"
    )


def _sentence(random: Random) -> str:
    return " ".join(random.choice(WORDS) for _ in range(SENTENCE)).capitalize() + "."
