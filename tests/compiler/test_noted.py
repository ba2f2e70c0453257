"""What is noted of a unit says the same of it as what was noted."""

from pathlib import Path

from api.compiler.catalogue import Catalogue, MediaFace, Nothing
from api.compiler.faces import faces
from api.compiler.noted import Noted, life_in, note
from api.contract.views import Views
from api.source.image import Picture
from tests.placed import read_all
from tests.support import Site


def test_each_face_is_found_by_each_of_its_keys(tmp_path: Path) -> None:
    site = Site(tmp_path)
    for read in read_all(site)[0]:
        own = list(faces(read.files.name, read.entries, Views(site.models), public=True))
        noted = note(read.files.name, own)
        assert set(noted.keys) == {key for face in own for key in face.keys}
        for face in own:
            for key in face.keys:
                assert noted.find(key) == face._replace(anchors=list(face.anchors))


def test_media_file_is_found_by_its_path() -> None:
    face = MediaFace("media:images/a.png", "digest", "a.png", Picture(1, 2, "data:", located=False))
    noted = note("media:images/a.png", media=face)
    assert noted.keys == ("m:images/a.png",)
    assert noted.find("m:images/a.png") == face
    assert noted.find("m:images/b.png") is None


def test_unit_of_which_nothing_is_known_has_no_faces() -> None:
    assert Noted("article:first").find("n:en:article:first") is None
    assert life_in(note("article:first").data) is None


def test_catalogue_finds_what_is_offered_after_it_was_asked_for() -> None:
    face = MediaFace("media:a.pdf", "digest", "a.pdf", None)
    catalogue = Catalogue(Nothing())
    assert catalogue.find("m:a.pdf") is None
    assert catalogue.add(note("media:a.pdf", media=face)) == []
    assert catalogue.find("m:a.pdf") == face
