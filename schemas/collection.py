"""How a model declares where its entries live and which addresses they have."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """A collection with one file an entry: `content/{name}/{slug}.md`, `.yaml` or `.json`.

    `path` is the front end's route, with `{slug}` in it. `order` is the default order of lists:
    names of sortable fields, `-` before one that descends. `title` names the field that gives
    the entry its title.
    """

    name: str
    path: str
    order: tuple[str, ...] = ("title",)
    title: str = "title"


@dataclass(frozen=True, slots=True, kw_only=True)
class SingleFile:
    """A collection of one entry: the file `content/{name}.yaml`, `.json` or `.md`.

    `role` marks the entry that the API itself reads: the site's locales, the contact.
    """

    name: str
    path: str
    title: str = "title"
    role: Literal["site", "contact"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedded:
    """A collection whose entries are part of their parents' files, in the order written there.

    `parent` is the type of the parent, one of whose fields is a list of this model.
    """

    name: str
    parent: str


Collection = Folder | SingleFile | Embedded
