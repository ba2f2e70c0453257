"""The site's languages and navigation name only what the site itself declares."""

from typing import Any

import pytest
from pydantic import ValidationError

from schemas.site import Site

SITE: dict[str, Any] = {"name": "Example", "default_locale": "en", "locales": ["en", "uk"]}


def test_site_takes_labels_of_its_languages_and_paths_of_its_front_end() -> None:
    site = Site.model_validate(
        {
            **SITE,
            "labels": {"uk": {"comments": "Коментарі"}},
            "navigation": [{"label": "articles", "path": "/articles"}],
        }
    )
    assert site.labels["uk"].comments == "Коментарі"
    assert site.labels["uk"].home is None
    assert site.navigation[0].path == "/articles"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param(
            {"default_locale": "fr"},
            "has the language 'fr', which `locales` does not list",
            id="default language",
        ),
        pytest.param(
            {"labels": {"pl": {}}},
            "has the language 'pl', which `locales` does not list",
            id="language of labels",
        ),
        pytest.param(
            {"locales": ["en", "uk", "en"]}, "has the language 'en' twice", id="language twice"
        ),
        pytest.param(
            {"navigation": [{"label": "blog", "path": "/blog"}]},
            "is 'blog', which is no label: articles, author, comments, "
            "contact, home, key_points, language, no_comments, recent_posts, search, see_all, "
            "services, topics, updated",
            id="navigation label",
        ),
    ],
)
def test_what_the_site_does_not_declare_is_refused_by_name(
    change: dict[str, Any], words: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        Site.model_validate({**SITE, **change})
    (error,) = caught.value.errors()
    assert (error["type"], error["msg"]) == ("invalid_value", words)
