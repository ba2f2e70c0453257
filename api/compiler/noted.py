"""What is noted of a unit: for the other units of this run, and for the next publish.

It is made where the unit is compiled, once; whoever asks for one of its faces reads it again.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

import orjson

from api.compiler.catalogue import Face, Found, MediaFace, media_key
from api.compiler.lifecycle import Face as Life
from api.compiler.lifecycle import read_life
from api.errors import Place
from api.source.image import Picture


class Noted(NamedTuple):
    """The keys that a unit is found by, and its faces and life as JSON."""

    unit: str
    keys: tuple[str, ...] = ()
    data: bytes = b""

    def find(self, key: str) -> Found | None:
        """Return what a key finds."""
        return faces_in(self.unit, self.data).get(key)


def note(
    unit: str,
    faces: Iterable[Face] = (),
    media: MediaFace | None = None,
    life: Life | None = None,
) -> Noted:
    """Return what is noted of a unit; `life` is None where that tells of no other address."""
    own = tuple(faces)
    keys = dict.fromkeys(key for face in own for key in face.keys)
    if media:
        keys[media_key(unit.partition(":")[2])] = None
    return Noted(unit, tuple(keys), orjson.dumps([own, media, life], default=list))


def life_in(data: bytes | None) -> Life | None:
    """Return what was noted of a unit's former addresses and of when readers have it."""
    life = orjson.loads(data)[2] if data else None
    return life and read_life(life)


def faces_in(unit: str, data: bytes | None) -> dict[str, Found]:
    """Return the faces that were noted of a unit, by their keys."""
    if not data:
        return {}
    faces, media, _ = orjson.loads(data)
    found: dict[str, Found] = {}
    for values in faces:
        face = _face(*values)
        found.update(dict.fromkeys(face.keys, face))
    if media:
        name, digest, file, picture = media
        within = unit.partition(":")[2]
        found[media_key(within)] = MediaFace(name, digest, file, picture and Picture(**picture))
    return found


def _face(*values: Any) -> Face:  # noqa: ANN401 - JSON
    face = Face(*values)
    by_id, by_slug = face.names
    return face._replace(
        names=(by_id, by_slug), place=Place(*face.place), claimed_at=Place(*face.claimed_at)
    )
