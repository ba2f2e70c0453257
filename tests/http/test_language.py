"""RFC 4647, 3.4: a language tag and the site's locales, as a table."""

import pytest

from api.http.language import LONGEST_TAG, lookup


@pytest.mark.parametrize(
    ("tag", "found"),
    [
        pytest.param("uk", "uk", id="the locale itself"),
        pytest.param("UK", "uk", id="in another case"),
        pytest.param("uk-UA", "uk", id="a region more"),
        pytest.param("uk-Cyrl-UA", "uk", id="a script and a region more"),
        pytest.param("pt-br", "pt-BR", id="the case of the site"),
        pytest.param("pt-BR-x-clinic", "pt-BR", id="private use"),
        pytest.param("zh-Hant-TW-u-co-pinyin", "zh-Hant", id="an extension goes with its letter"),
        pytest.param("zh-Hant-CN-a-bbb-x-y", "zh-Hant", id="several single letters"),
        pytest.param("sl-rozaj-biske", "sl-rozaj", id="variants"),
        pytest.param("de-1996", "de", id="a variant of a year"),
        pytest.param("pt", None, id="a locale with more is not meant"),
        pytest.param("zh", None, id="nor one with a script"),
        pytest.param("fr", None, id="another language"),
        pytest.param("ukr", None, id="the three letters of the same language"),
        pytest.param("", None, id="nothing"),
        pytest.param("*", None, id="a range that is no tag"),
        pytest.param("uk_UA", None, id="an underscore"),
        pytest.param("uk-", None, id="a hyphen at the end"),
        pytest.param("-uk", None, id="a hyphen at the start"),
        pytest.param("uk--UA", None, id="two hyphens"),
        pytest.param("uk-u", None, id="an extension without a value"),
        pytest.param("uk,en", None, id="a list"),
        pytest.param("uk;q=1", None, id="a weight"),
        pytest.param("ук", None, id="letters of another script"),
        pytest.param("uk\n", None, id="a line feed"),
        pytest.param("uk-" + "-".join(["abcde"] * 11), None, id="too long"),
    ],
)
def test_tag_means_the_locale_that_lookup_finds(tag: str, found: str | None) -> None:
    assert lookup(tag, ("en", "uk", "pt-BR", "zh-Hant", "sl-rozaj", "de")) == found


def test_longest_tag_is_read() -> None:
    tag = "uk-x-" + "-".join(["abcdefgh"] * 6) + "-abcde"
    assert len(tag) == LONGEST_TAG
    assert lookup(tag, ("uk",)) == "uk"
    assert lookup(f"{tag}f", ("uk",)) is None
