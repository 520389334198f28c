"""Plain names of columns in usage exports, by what the column holds.

Source: field names in the documents and clients of the providers, the headings of
their translated pages, and headings that spreadsheets of staff use.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What a column of a usage export holds.

    START and END bound a period that stands in two columns. UPLOAD and DOWNLOAD are
    the two parts of usage. UNIT names the unit of the usage in the same row. PART is
    what the usage of one subuser and period is split by. LIMIT is a quota, a balance
    or an average: never usage.
    """

    SUBUSER = "subuser"
    PERIOD = "period"
    START = "start"
    END = "end"
    USAGE = "usage"
    UPLOAD = "upload"
    DOWNLOAD = "download"
    UNIT = "unit"
    PART = "part"
    LIMIT = "limit"


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(","))


ALIASES: Final[dict[Role, tuple[tuple[str, ...], ...]]] = {
    Role.SUBUSER: (
        _names(
            "subuser, sub user, sub users, subusers, subuser name, sub user name, "
            "subuser username, sub account, subaccount, subusuario, subusuário, "
            "sous utilisateur, unterbenutzer, субпользователь, 子用户"
        ),
        _names(
            "username, user name, user, login, proxy user, proxy username, "
            "proxy list login, account, account name, usuario, usuário, benutzer, "
            "benutzername, utilisateur, utente, nome utente, nombre de usuario, "
            "пользователь, имя пользователя, логин, 用户名, 用户, ユーザー, ユーザー名"
        ),
        _names("label, credential, subuser id, sub user id, sub uid, uid"),
        _names(
            "id, hash, app hash, package key, package, plan id, planid, order id, "
            "order no, customer, client, email, zone, resource"
        ),
    ),
    Role.PERIOD: (
        _names(
            "date, day, month, period, d usage, usage date, usage month, fecha, mes, "
            "mês, dia, día, periodo, período, data do uso, datum, monat, "
            "zeitraum, jour, mois, période, giorno, mese, дата, месяц, день, период, "
            "日期, 月份, 日付, 月"
        ),
        _names("date time, datetime, timestamp, time, ts, hour, time gte, tag"),
        _names("data, grouping key, labels"),
    ),
    Role.START: (
        _names(
            "from, date from, from date, start, start date, date start, period start, "
            "current period start, valid from, desde, von"
        ),
    ),
    Role.END: (
        _names(
            "to, date to, to date, end, end date, date end, period end, "
            "current period end, valid until, hasta, bis"
        ),
    ),
    Role.USAGE: (
        _names(
            "bandwidth usage, bandwidth used, bandwidth total, total bandwidth, "
            "total bandwidth usage, monthly bandwidth usage, traffic used, "
            "traffic usage, total traffic, usage traffic, total usage traffic, "
            "range usage traffic, data usage, data used, usage bandwidth, total used, "
            "totalbandwidth, usagebandwidth, "
            "uso de datos, tráfico usado, tráfego usado, datenverbrauch"
        ),
        _names(
            "bandwidth, traffic, usage, used, bw, bw sum, verbrauch, datenverkehr, "
            "tráfico, tráfego, uso, consumo, utilisation, trafic, traffico, utilizzo, "
            "consommation, трафик, использование, 流量, 使用量, トラフィック"
        ),
        _names("total rx tx, rx tx, used flow, use flow, flow, consumption, spent"),
        _names("data, total, consumed,"),
    ),
    Role.UPLOAD: (
        _names(
            "upload, uploaded, up, tx, out bw, bw up, traffic up, bandwidth upload, "
            "sent, request traffic, upstream"
        ),
    ),
    Role.DOWNLOAD: (
        _names(
            "download, downloaded, down, rx, in bw, bw dn, traffic down, received, "
            "bandwidth download, response traffic, downstream"
        ),
    ),
    Role.UNIT: (_names("unit, units, measurement unit, metric"),),
    Role.PART: (
        _names(
            "product, product name, proxy type, service type, plan, plan name, "
            "pool type, pool, network, code, tier, country, region, host, hostname, "
            "target, domain, protocol, port, ip, zone, hour, package"
        ),
    ),
}
"""Plain names by role, in tiers: a name of an earlier tier is the surer one.

The empty name is a header that is a unit and nothing else, such as `Bytes`. `data` is
usage with a unit, and without one the date of Portuguese and Italian exports.
"""

LIMIT_WORDS: Final = frozenset(
    "limit limits quota plan available left remaining balance surplus un "
    "percentage projected average avg allocated gbps mbps kbps speed".split()
)
"""Words that make a column a limit, a balance, a forecast, a mean or a speed."""

LIMIT_NAMES: Final = frozenset(
    _names(
        "total bandwidth in gb, totalbandwidthingb, bandwidthleft, "
        "subscription bandwidth gb, subscription bandwidth"
    )
)
"""Plain names that look like usage and are the size of a plan, or what is left."""

LEFT_WORDS: Final = frozenset("available left remaining balance surplus".split())
"""Words of what is left over: beside it stands what was used so far."""

SO_FAR_NAMES: Final = frozenset(
    _names(
        "traffic used, traffic usage, bandwidth used, data used, used, total used, "
        "balance used, total usage traffic, use flow"
    )
)
"""Usage names that are counters when what is left stands beside them."""
