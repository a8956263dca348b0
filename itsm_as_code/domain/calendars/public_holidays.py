"""Looks up the public holidays of a country or a part of it in the `holidays` package, imported at first use."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache


@cache
def country_holidays(country: str, subdivision: str | None, year: int) -> Mapping[date, str]:
    """Maps the dates of public holidays to their names, observed days included. Raises ValueError for an unknown place.

    Names are in English if the package has them, otherwise in the language of the country. The language is always
    set, because the default would depend on the user's locale.
    """
    holidays_in, languages = _place(country, subdivision)
    language = "en_US" if "en_US" in languages else languages[0] if languages else None
    return dict(holidays_in(country, subdiv=subdivision, years=year, language=language, expand=False))


@cache
def _place(country: str, subdivision: str | None):  # type: ignore[no-untyped-def]
    from holidays.utils import country_holidays as holidays_in

    try:
        place = holidays_in(country, subdiv=subdivision, expand=False)
    except NotImplementedError:
        raise ValueError(_unknown(country, subdivision)) from None
    languages = sorted(place.supported_languages, key=lambda each: each != place.default_language)
    return holidays_in, tuple(languages)


def _unknown(country: str, subdivision: str | None) -> str:
    from holidays.utils import list_supported_countries

    known = list_supported_countries(include_aliases=False)
    if country not in known:
        return f"there is no holiday data for country {country[:40]}; write a two-letter code such as DE or US"
    parts = ", ".join(known[country]) or "none"
    return f"{country} has no subdivision {str(subdivision)[:40]}; it has: {parts}"
