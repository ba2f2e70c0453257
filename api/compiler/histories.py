"""What entries that moved or went leave at their addresses, decided over all of them."""

from collections.abc import Iterable, Iterator, Mapping

from api.compiler.catalogue import Catalogue, name_key
from api.compiler.catalogue import Face as Shown
from api.compiler.lifecycle import Face, Name, Standing, contested, gone_rows, replacements
from api.store.rows import GoneRow


class Histories:
    """The entries of a folder that have a history, by unit, among all others."""

    def __init__(self, histories: Mapping[str, Face], catalogue: Catalogue, language: str) -> None:
        self._histories = histories
        named = _present(histories, catalogue, language)
        faces = [*histories.values(), *named]
        self._instead, wrong = replacements(faces)
        self.issues = [*contested(faces), *wrong]

    def gone(self) -> Iterator[tuple[str, list[GoneRow]]]:
        """Yield the units that are withdrawn or expired, with their rows."""
        for unit, face in self._histories.items():
            if rows := list(gone_rows(face, self._instead.get(face.name))):
                yield unit, rows


def _present(histories: Mapping[str, Face], catalogue: Catalogue, language: str) -> Iterator[Face]:
    """Yield the entries without a history whose names one of the others claims."""
    seen = set(histories)
    for kind, name in sorted(set(_claims(histories.values()))):
        found = catalogue.find(name_key(language, kind, name))
        if isinstance(found, Shown) and found.unit not in seen:
            seen.add(found.unit)
            addresses = (found.address,)
            yield Face(kind, found.slug, found.id, addresses, found.place, Standing.PUBLIC)


def _claims(histories: Iterable[Face]) -> Iterator[Name]:
    for face in histories:
        yield from (former.name for former in face.former)
        if face.replacement:
            yield face.replacement.name
