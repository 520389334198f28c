"""Figures on who owns what: coverage by month, crowded customers, shared names."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

    from core.warehouse.store import Warehouse


def coverage_months(warehouse: Warehouse) -> pa.Table:
    """Return how much is matched by month: month, status, subusers, usage_gb; in order.

    A status that no subuser of a month has is left out.
    """
    return warehouse.table(
        "SELECT month, status, subusers, usage_gb FROM month_total "
        "WHERE provider_key IS NULL AND subuser_type IS NULL ORDER BY month, status"
    )


def crowds(warehouse: Warehouse, least: int) -> pa.Table:
    """Return customers with unusually many subusers, the most first.

    Unusual is more than the upper outer fence of subusers per customer (the third
    quartile and three times the distance between the quartiles; after Tukey), and at
    least the given number.

    Columns: email_key, email, subusers, usage_gb, usual (the fence).
    """
    return warehouse.table(
        "WITH held AS (SELECT owner AS email_key, email, subusers, usage_gb "
        "FROM owner_total(NULL, NULL, NULL) WHERE owner_key <> 0), "
        "fence AS (SELECT 4 * quantile_cont(subusers, 0.75) "
        "- 3 * quantile_cont(subusers, 0.25) AS usual FROM held) "
        "SELECT held.*, usual FROM held, fence WHERE subusers > usual "
        "AND subusers >= ? ORDER BY subusers DESC, lower(email), email_key",
        [least],
    )


def shared_names(warehouse: Warehouse) -> pa.Table:
    """Return usernames that documents of several customers hold, by usage.

    Names are compared as stored, but for capitals. Columns: name (in small letters),
    account (Pro or Basic), emails (in order), usage_gb (of subusers with this name).
    """
    return warehouse.table(
        "WITH named AS (SELECT 'Pro' AS account, lower(oxy_username) AS name, "
        "email_key, email FROM current_customers WHERE oxy_username <> '' UNION ALL "
        "SELECT 'Basic', lower(brief_oxy_username), email_key, email "
        "FROM current_customers WHERE brief_oxy_username <> ''), "
        "owners AS (SELECT account, name, email_key, min(email) AS email "
        "FROM named GROUP BY ALL), "
        "shared AS (SELECT account, name, "
        "string_agg(email, ', ' ORDER BY lower(email), email) AS emails "
        "FROM owners GROUP BY account, name HAVING count(*) > 1), "
        "used AS (SELECT lower(subuser) AS name, sum(usage_gb) AS usage_gb "
        "FROM subuser_total GROUP BY 1) "
        "SELECT name, account, emails, "
        "coalesce(usage_gb, 0)::DECIMAL(38, 18) AS usage_gb "
        "FROM shared LEFT JOIN used USING (name) "
        "ORDER BY usage_gb DESC, name, account"
    )
