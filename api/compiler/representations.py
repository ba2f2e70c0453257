"""The bytes of every resource, with their validators; each is proven against the contract."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

import orjson

from api.compiler.expand import Expander, Item
from api.compiler.order import position
from api.compiler.paths import Locales, PlacedEntry
from api.compiler.tags import item_tags
from api.contract import envelopes
from api.contract.jsonschema import standalone
from api.contract.openapi import to_yaml
from api.contract.operations import CURRENT, PREFIX, schema_address
from api.contract.proof import Proof
from api.contract.views import Views
from api.errors import CONTRACT_BROKEN, ContentError, Place
from api.http.cache_tags import API
from api.http.coding import encode
from api.http.validators import entity_tag
from api.store.rows import EntryRow, PathRow, RepresentationRow, Row, localised_address
from schemas.collection import Embedded, SingleFile
from schemas.discovery import Models

JSON = "application/json"


def entry_rows(expander: Expander, proof: Proof) -> Iterator[list[Row]]:
    """Yield the rows of each entry of the expander's language.

    Raises ContentError when a representation is not what the contract promises.
    """
    index = expander.index
    for entry in index.entries:
        # What the item of a part's parent has shown was proven with it.
        proven = "data" if expander.has_shown(entry) else ""
        item = expander.item(entry)
        rows: list[Row] = [_item_row(entry, item, expander, proof, proven)]
        if index.source is None and (other := entry.other_address):
            rows.append(PathRow(other, entry.address))
        if expander.plans.items[entry.type].is_listed:
            rows.append(_card_row(entry, item, expander, proof))
        yield rows


def keeping(views: Views, proof: Proof) -> Callable[[Any], bool]:
    """Return what tells whether the JSON of an item or a card is what the contract promises."""

    def keeps(value: Any) -> bool:  # noqa: ANN401 - JSON
        is_card = "type" in value
        shown = value if is_card else value["data"]
        if shown is None or shown["type"] not in views.items:
            return False
        type_name = shown["type"]
        card, item = views.cards[type_name].name, f"{views.items[type_name].name}Item"
        return not any(proof.faults(card if is_card else item, value))

    return keeps


def _item_row(
    entry: PlacedEntry, item: Item, expander: Expander, proof: Proof, proven: str
) -> RepresentationRow:
    index, plan = expander.index, expander.plans.items[entry.type]
    body = envelopes.item(
        item.values, entry.locale, requested=index.locale, fallback=entry.fallback
    )
    _prove(proof, plan.schema, body, entry, proven)
    dates = [day for name in plan.dates if (day := getattr(entry.own, name))]
    return representation(
        localised_address(entry.address, index.locale) if index.source else entry.address,
        orjson.dumps(body),
        language=entry.locale,
        last_modified=max(dates, default=None),
        cache_tags=item_tags(expander.plans.views.models, item.values, item.tags),
    )


def _card_row(entry: PlacedEntry, item: Item, expander: Expander, proof: Proof) -> EntryRow:
    card = expander.card(entry, item)
    _prove(proof, expander.plans.items[entry.type].card_schema, card, entry)
    return EntryRow(
        type=entry.type,
        id=entry.id,
        parent=entry.parent.address if entry.parent else "",
        locales=entry.shown_in,
        position=position(entry),
        address=entry.address,
        card=orjson.dumps(card),
    )


def contract_rows(
    models: Models, contract: Mapping[str, Any], locales: Locales, proof: Proof
) -> Iterator[RepresentationRow]:
    """Yield the rows of what the API says of itself: its index, its schemas, its contract.

    Raises ContentError when one of them is not what the contract promises.
    """
    views = Views(models)
    for address, schema, data in (
        (PREFIX, "ApiIndexItem", index_data(models, locales)),
        (f"{PREFIX}/schemas", "SchemaIndexItem", schema_index_data(models)),
    ):
        body = envelopes.item(data, locales.default)
        _prove(proof, schema, body, address)
        yield representation(address, orjson.dumps(body), language=locales.default)
    for name in models:
        address = schema_address(name)
        document = standalone(name, views, address)
        _prove(proof, "JsonSchema", document, address)
        text = orjson.dumps(document)
        yield representation(address, text, media_type="application/schema+json")
    _prove(proof, "OpenApiDocument", contract, CURRENT)
    text = to_yaml(contract).encode()
    for address in (f"{PREFIX}/openapi.yaml", CURRENT):
        yield representation(address, text, media_type="application/yaml")
    yield representation(f"{PREFIX}/openapi.json", orjson.dumps(contract))


def index_data(models: Models, locales: Locales) -> dict[str, Any]:
    """Return what `GET /v1` tells: the collections and the locales."""
    return {
        "collections": [
            {
                "name": model.collection.name,
                "type": name,
                "kind": _kind(model.collection),
                "href": f"{PREFIX}/{model.collection.name}",
                "schema": schema_address(name),
            }
            for name, model in sorted(models.items(), key=lambda one: one[1].collection.name)
        ],
        "locales": list(locales.all),
        "default_locale": locales.default,
        "links": {
            "schemas": f"{PREFIX}/schemas",
            "openapi_yaml": f"{PREFIX}/openapi.yaml",
            "openapi_json": f"{PREFIX}/openapi.json",
        },
    }


def schema_index_data(models: Models) -> dict[str, Any]:
    """Return what `GET /v1/schemas` tells: each type and where its schema is."""
    return {"schemas": [{"type": name, "href": schema_address(name)} for name in models]}


def representation(  # noqa: PLR0913 - a value for each column
    address: str,
    identity: bytes,
    *,
    media_type: str = JSON,
    language: str | None = None,
    last_modified: datetime | None = None,
    cache_tags: tuple[str, ...] = (API,),
) -> RepresentationRow:
    """Return the row of some bytes, with their validator and their compressed twin."""
    return RepresentationRow(
        address=address,
        media_type=media_type,
        language=language,
        last_modified=last_modified,
        tag=entity_tag(identity),
        identity=identity,
        gzip=encode(identity, "gzip"),
        cache_tags=cache_tags,
    )


def _kind(collection: object) -> str:
    if isinstance(collection, SingleFile):
        return "single"
    return "embedded" if isinstance(collection, Embedded) else "folder"


def _prove(
    proof: Proof, schema: str, value: object, of: PlacedEntry | str, proven: str = ""
) -> None:
    """Refuse what the contract does not promise of an entry, or of an address."""
    faults = list(proof.faults(schema, value, proven))
    if not faults:
        return
    address, place = (of, Place(of, 1, 1)) if isinstance(of, str) else (of.address, of.place)
    raise ContentError(
        *(
            CONTRACT_BROKEN.at(place, f"{address} is not what the contract promises: {fault}")
            for fault in faults
        )
    )
