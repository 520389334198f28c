-- Wholesale cost and margin. Prices are major units of their currency for one GB.

-- The price that holds for a provider and month: the latest that begins by then.
-- Grain: provider, month with usage.
CREATE OR REPLACE VIEW provider_price AS
SELECT n.provider_key, u.provider, u.month, c.price_per_gb, c.currency
FROM month_granularity AS u
JOIN provider_name AS n USING (provider)
ASOF JOIN (FROM cost WHERE withdrawn_at IS NULL) AS c
    ON c.provider = u.provider AND c.first_month <= u.month;

-- Usage that has a price, and its cost. A cost is rounded once, half up, for each row.
-- Grain: owner, month, currency.
CREATE OR REPLACE VIEW owner_priced AS
SELECT n.owner, c.month, c.currency, c.usage_gb,
    round(c.cost * CASE currency_exponent(c.currency)
        WHEN 0 THEN 1 WHEN 2 THEN 100 ELSE 1000 END, 0)::BIGINT AS cost_minor
FROM (
    SELECT o.owner_key, f.month, p.currency,
        sum(f.usage_gb)::DECIMAL(38, 18) AS usage_gb,
        sum(f.usage_gb * p.price_per_gb) AS cost
    FROM usage_fact AS f
    JOIN provider_price AS p USING (provider_key, month)
    JOIN subuser_owner AS o USING (subuser_key)
    GROUP BY ALL
) AS c
JOIN owner_name AS n USING (owner_key);

-- Usage and its cost. GB without a price have no currency and no cost.
-- Grain: owner, month, currency.
CREATE OR REPLACE VIEW owner_cost AS
FROM owner_priced
UNION ALL
SELECT n.owner, u.month, NULL, u.usage_gb, NULL
FROM (
    SELECT o.owner_key, f.month, sum(f.usage_gb)::DECIMAL(38, 18) AS usage_gb
    FROM usage_fact AS f
    ANTI JOIN provider_price AS p USING (provider_key, month)
    JOIN subuser_owner AS o USING (subuser_key)
    GROUP BY ALL
) AS u
JOIN owner_name AS n USING (owner_key);

-- Money beside usage and cost. Grain: owner, month, currency; usage without a price has
-- a row without currency. margin_minor is told where all money and all cost of the
-- owner's month are in one currency and every GB has a price.
CREATE OR REPLACE VIEW margin_month AS
WITH money AS (
    SELECT coalesce(payer, unknown_payer()) AS owner, month, currency, net_minor
    FROM payer_month
),
lines AS (
    SELECT coalesce(m.owner, c.owner) AS owner, coalesce(m.month, c.month) AS month,
        coalesce(m.currency, c.currency) AS currency, m.net_minor, c.cost_minor,
        c.usage_gb AS costed_gb
    FROM money AS m
    FULL JOIN owner_cost AS c
        ON c.owner = m.owner AND c.month = m.month AND c.currency = m.currency
),
told AS (
    SELECT *,
        sum(costed_gb) OVER owner_month AS usage_gb,
        coalesce(sum(costed_gb) FILTER (currency IS NULL) OVER owner_month, 0)
            AS unpriced_gb,
        count(currency) OVER owner_month AS currencies
    FROM lines
    WINDOW owner_month AS (PARTITION BY owner, month)
)
SELECT t.owner, coalesce(c.email, t.owner) AS email, t.month, t.currency, t.net_minor,
    t.usage_gb::DECIMAL(38, 18) AS usage_gb,
    t.unpriced_gb::DECIMAL(38, 18) AS unpriced_gb, t.cost_minor,
    CASE WHEN t.currencies = 1 AND t.unpriced_gb = 0 AND t.currency IS NOT NULL
        THEN coalesce(t.net_minor, 0) - coalesce(t.cost_minor, 0) END AS margin_minor
FROM told AS t
LEFT JOIN customer AS c ON c.email_key = t.owner;

-- The same summed over owners. usage_gb has all usage of the month, on each of its
-- rows; open amounts are of owners whose margin is not told. Grain: month, currency.
CREATE OR REPLACE VIEW margin_month_total AS
WITH priced_year AS (
    SELECT provider_key, year(month)::SMALLINT AS year, bit_or(month_bit(month)) AS months
    FROM provider_price
    GROUP BY ALL
),
-- Months in which an owner used more than nothing that has no price.
unpriced AS (
    SELECT n.owner, u.year, u.months
    FROM (
        SELECT o.owner_key, y.year,
            bit_or(y.used & ~coalesce(p.months, 0::SMALLINT)) AS months
        FROM usage_year AS y
        JOIN subuser_owner AS o USING (subuser_key)
        LEFT JOIN priced_year AS p USING (provider_key, year)
        GROUP BY ALL
    ) AS u
    JOIN owner_name AS n USING (owner_key)
),
lines AS (
    SELECT coalesce(m.owner, c.owner) AS owner, coalesce(m.month, c.month) AS month,
        coalesce(m.currency, c.currency) AS currency, m.net_minor, c.cost_minor
    FROM (
        SELECT coalesce(payer, unknown_payer()) AS owner, month, currency, net_minor
        FROM payer_month
    ) AS m
    FULL JOIN owner_priced AS c
        ON c.owner = m.owner AND c.month = m.month AND c.currency = m.currency
),
several AS (
    SELECT owner, month FROM lines GROUP BY owner, month HAVING count(*) > 1
),
told AS (
    SELECT l.month, l.currency, l.net_minor, l.cost_minor,
        s.owner IS NOT NULL OR coalesce(u.months & month_bit(l.month) <> 0, false)
            AS is_open
    FROM lines AS l
    LEFT JOIN several AS s ON s.owner = l.owner AND s.month = l.month
    LEFT JOIN unpriced AS u ON u.owner = l.owner AND u.year = year(l.month)
),
used AS (
    SELECT month, sum(usage_gb)::DECIMAL(38, 18) AS usage_gb
    FROM month_total
    WHERE provider_key IS NULL AND subuser_type IS NULL
    GROUP BY month
)
SELECT t.month, t.currency, any_value(used.usage_gb) AS usage_gb,
    coalesce(sum(net_minor), 0)::BIGINT AS net_minor,
    coalesce(sum(cost_minor), 0)::BIGINT AS cost_minor,
    coalesce(sum(coalesce(net_minor, 0) - coalesce(cost_minor, 0))
        FILTER (NOT is_open), 0)::BIGINT AS margin_minor,
    coalesce(sum(net_minor) FILTER (is_open), 0)::BIGINT AS open_net_minor,
    coalesce(sum(cost_minor) FILTER (is_open), 0)::BIGINT AS open_cost_minor
FROM told AS t
LEFT JOIN used USING (month)
GROUP BY t.month, t.currency;

-- Net volume in another currency, by the rate that a person entered for the month.
-- Amounts are rounded once, half up. converted_minor is null without a rate.
-- Grain: month, currency, target.
CREATE OR REPLACE VIEW converted_month AS
WITH live AS (
    SELECT month, currency, target, rate FROM rate WHERE withdrawn_at IS NULL
)
SELECT r.month, r.currency, t.target, r.net_minor,
    CASE WHEN r.currency = t.target THEN 1 ELSE live.rate END AS rate,
    CASE WHEN r.currency = t.target THEN r.net_minor
        ELSE round(r.net_minor::DECIMAL(20, 0) * live.rate
            * CASE currency_exponent(t.target) - currency_exponent(r.currency)
                WHEN -3 THEN 0.001 WHEN -2 THEN 0.01 WHEN -1 THEN 0.1 WHEN 0 THEN 1
                WHEN 1 THEN 10 WHEN 2 THEN 100 ELSE 1000 END::DECIMAL(7, 3), 0)::BIGINT
        END AS converted_minor
FROM revenue_month AS r
CROSS JOIN (SELECT DISTINCT target FROM live) AS t
LEFT JOIN live USING (month, currency, target);
