from api.http.disposition import content_disposition


def test_what_is_inline_is_shown_and_the_rest_saved() -> None:
    assert content_disposition("a.png", inline=True) == 'inline; filename="a.png"'
    assert content_disposition("a.csv", inline=False) == 'attachment; filename="a.csv"'
