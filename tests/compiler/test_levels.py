"""Types are compiled after those that they refer to."""

from pathlib import Path

from api.compiler.levels import levels, owner
from schemas.discovery import discover
from tests.support import own_models, write

MODELS = """
from typing import ClassVar, Literal
from schemas.collection import Folder
from schemas.entry import Entry
from schemas.fields import Reference, Title
"""


def test_own_types_come_after_what_they_refer_to() -> None:
    models = own_models()
    found = list(levels(models))
    place = {name: number for number, level in enumerate(found) for name in level}
    assert place["topic"] < place["article"] < place["comment"]
    assert place["person"] < place["article"]
    assert place.keys() == {name for name in models if owner(models, name) == name}


def test_types_in_a_circle_come_last_together(tmp_path: Path) -> None:
    declared = MODELS
    for name, target in (("A", "b"), ("B", "a"), ("C", "c")):
        declared += (
            f"class {name}(Entry):\n    '''{name}.'''\n"
            f"    collection: ClassVar = Folder(name='{name.lower()}s', path='/{name}/{{slug}}')\n"
            f"    title: Title\n    other: Reference[Literal['{target}']] | None = None\n"
            "    example: ClassVar[str] = 'title: A'\n"
        )
    write(tmp_path, {"all.py": declared})
    assert list(levels(discover(tmp_path))) == [frozenset("c"), frozenset("ab")]
