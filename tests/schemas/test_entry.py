"""A type's name is its class's own name, in the style of everything else."""

from schemas.contact import Contact
from schemas.entry import Entry, Typed
from schemas.fields import Use
from schemas.shape import fields_of


def test_type_name_is_the_class_name_in_snake_case() -> None:
    class ClinicalTrial(Typed):
        """A study."""

    assert Contact.type_name() == "contact"
    assert ClinicalTrial.type_name() == "clinical_trial"


def test_every_entry_has_the_common_fields() -> None:
    assert list(fields_of(Entry)) == [
        "id",
        "summary",
        "published_at",
        "updated_at",
        "updated_label",
        "review",
    ]
    assert not any(field.required for field in fields_of(Entry).values())
    assert fields_of(Entry)["updated_at"].uses == {Use.CARD, Use.FILTER, Use.SORT, Use.OWN}
