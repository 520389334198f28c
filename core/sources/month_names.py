"""Names of months in the languages of provider exports and of staff's spreadsheets."""

from __future__ import annotations

import unicodedata
from typing import Final

_NAMES: Final = (
    # English
    "january february march april may june july august september october november "
    "december",
    "jan feb mar apr may jun jul aug sept oct nov dec",
    # German
    "januar februar märz april mai juni juli august september oktober november "
    "dezember",
    "jän feb mrz apr mai jun jul aug sep okt nov dez",
    # French
    "janvier février mars avril mai juin juillet août septembre octobre novembre "
    "décembre",
    "janv févr mars avr mai juin juil août sept oct nov déc",
    # Spanish
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre "
    "diciembre",
    "ene feb mar abr may jun jul ago sep oct nov dic",
    # Italian
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre "
    "novembre dicembre",
    "gen feb mar apr mag giu lug ago set ott nov dic",
    # Portuguese
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro "
    "dezembro",
    "jan fev mar abr mai jun jul ago set out nov dez",
    # Russian, as a heading, in a date and cut short
    "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "янв фев мар апр май июн июл авг сен окт ноя дек",
    "янв февр мар апр май июн июл авг сент окт нояб дек",
)


def _bare(name: str) -> str:
    """Write a name in lower case and without accents."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(each for each in letters if not unicodedata.combining(each))


_MONTHS: Final = {
    _bare(name): month
    for names in _NAMES
    for month, name in enumerate(names.split(), start=1)
}


def month_number(name: str) -> int | None:
    """Return the month of a name, 1 to 12; case, accents and a closing dot are free."""
    return _MONTHS.get(_bare(name).rstrip("."))
