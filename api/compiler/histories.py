"""What entries that moved or went leave at their addresses, decided over all of them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from api.compiler.catalogue import Catalogue, name_key
from api.compiler.catalogue import Face as Shown
from api.compiler.lifecycle import Face, Name, Standing, contested, gone_rows, replacements
from api.errors import Issue
from api.store.rows import GoneRow


class Histories:
    """The entries of a folder that have a history, by unit, among all others."""

    def __init__(self, histories: Mapping[str, Face], catalogue: Catalogue, language: str) -> None:
        self._histories = histories
        named = _present(histories, catalogue, language)
        faces = [*histories.values(), *named]
        self._instead, wrong = replacements(faces)
        self._moved = {one.name: face.slug for face in histories.values() for one in face.former}
        self.issues = [*contested(faces), *wrong]

    def moved(self, issue: Issue) -> Issue:
        """Return an Issue; one of a former slug, which is looked for, with the present one."""
        slugs = (self._moved[name] for name in issue.names if name in self._moved)
        slug = next(slugs, None)
        return replace(issue, nearest=slug) if slug else issue

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
