-- Customers. Grain: email_key; documents with one email are one customer. is_absent:
-- the newest file of customers does not have it.
CREATE OR REPLACE VIEW customer AS
SELECT email_key, min(email) AS email, count(*) AS documents,
    max(batch_id) < (SELECT max(batch_id) FROM batch
        WHERE kind = 'customers' AND withdrawn_at IS NULL) AS is_absent
FROM current_customers
GROUP BY email_key;

-- Usage by customer and month, unmatched usage as one of them.
-- Grain: owner (email_key or '(unmatched)'), month.
CREATE OR REPLACE VIEW owner_month AS
SELECT n.owner, m.month, n.email, m.usage_gb, m.subusers
FROM (
    SELECT o.owner_key, f.month, sum(f.usage_gb)::DECIMAL(38, 18) AS usage_gb,
        count(DISTINCT f.subuser_key) AS subusers
    FROM usage_fact AS f
    JOIN subuser_owner AS o USING (subuser_key)
    GROUP BY ALL
) AS m
JOIN owner_name AS n USING (owner_key);

-- Subusers of one type (Pro, Basic, '' for matched ones without a type, '(unmatched)'),
-- or of all (null). Unmatched ones are always in. Grain: subuser_key.
CREATE OR REPLACE MACRO subuser_of_type(only_type) AS TABLE
SELECT * FROM subuser_owner
WHERE only_type IS NULL OR owner_key = 0 OR subuser_type = only_type;

-- Usage by customer over a period (months, both inclusive; null is open), of one
-- provider or of all (null), of one type of subuser or of all, with the sets of months
-- of subuser_sum. Grain: owner_key; unmatched usage is 0.
CREATE OR REPLACE MACRO owner_sum(
    from_month, to_month, only_provider, only_type
) AS TABLE
SELECT o.owner_key, sum(s.usage_gb)::DECIMAL(38, 18) AS usage_gb,
    count(*) AS subusers, bit_or(s.early) AS early, bit_or(s.late) AS late,
    min(s.first_month) AS first_month, max(s.last_month) AS last_month
FROM subuser_sum(from_month, to_month, only_provider) AS s
JOIN subuser_of_type(only_type) AS o USING (subuser_key)
GROUP BY o.owner_key;

-- The same with names. Grain: owner.
CREATE OR REPLACE MACRO owner_total(
    from_month, to_month, only_provider, only_type := NULL
) AS TABLE
SELECT s.owner_key, n.owner, n.email, s.usage_gb, s.subusers,
    (bit_count(s.early) + bit_count(s.late) + coalesce(l.months, 0))::BIGINT
        AS months_active,
    s.first_month, s.last_month
FROM owner_sum(from_month, to_month, only_provider, only_type) AS s
JOIN owner_name AS n USING (owner_key)
LEFT JOIN (
    SELECT owner_key, sum(bit_count(months)) AS months
    FROM (
        SELECT o.owner_key, b.year, bit_or(b.months) AS months
        FROM subuser_later(from_month, to_month, only_provider) AS b
        JOIN subuser_of_type(only_type) AS o USING (subuser_key)
        GROUP BY o.owner_key, b.year
    )
    GROUP BY owner_key
) AS l USING (owner_key);

-- The same, ranked. rank is null for unmatched usage, which stands last.
CREATE OR REPLACE MACRO owner_ranking(
    from_month, to_month, only_provider, only_type := NULL
) AS TABLE
SELECT
    CASE WHEN owner_key <> 0 THEN row_number() OVER ranked END AS rank,
    owner, email, usage_gb,
    usage_gb::DOUBLE / nullif((sum(usage_gb) OVER ())::DOUBLE, 0) AS share,
    (sum(usage_gb) OVER ranked)::DOUBLE
        / nullif((sum(usage_gb) OVER ())::DOUBLE, 0) AS cumulative_share,
    subusers, months_active, first_month, last_month
FROM owner_total(from_month, to_month, only_provider, only_type)
WINDOW ranked AS (
    ORDER BY owner_key = 0, usage_gb DESC, owner_key
    ROWS UNBOUNDED PRECEDING
)
ORDER BY owner_key = 0, usage_gb DESC, owner_key;

-- Ranks alone. Grain: owner with a rank.
CREATE OR REPLACE MACRO owner_rank(from_month, to_month, only_provider) AS TABLE
SELECT n.owner, r.rank
FROM (
    SELECT owner_key, row_number() OVER (ORDER BY usage_gb DESC, owner_key) AS rank
    FROM owner_sum(from_month, to_month, only_provider, NULL)
    WHERE owner_key <> 0
) AS r
JOIN owner_name AS n USING (owner_key);

-- Customers by whole GB used. Grain: bin; a bin without customers has no row.
CREATE OR REPLACE MACRO usage_bins(
    from_month, to_month, only_provider, only_type := NULL
) AS TABLE
SELECT floor(usage_gb)::BIGINT AS bin_start_gb, count(*) AS users,
    sum(usage_gb)::DECIMAL(38, 18) AS usage_gb
FROM owner_sum(from_month, to_month, only_provider, only_type)
WHERE owner_key <> 0
GROUP BY 1
ORDER BY 1;

-- Usage beside money. Grain: owner, month, currency. A month with money in two
-- currencies has two rows; usage stands on the first, so that it sums.
CREATE OR REPLACE VIEW customer_month AS
WITH money AS (
    SELECT coalesce(payer, unknown_payer()) AS owner, month, currency, net_minor,
        row_number() OVER (PARTITION BY payer, month ORDER BY currency) AS place
    FROM payer_month
),
used AS MATERIALIZED (FROM owner_month),
seen AS (
    SELECT owner, min(month) AS first_month, max(month) AS last_month
    FROM used
    GROUP BY owner
)
SELECT coalesce(u.owner, m.owner) AS owner, coalesce(u.month, m.month) AS month,
    coalesce(u.email, c.email, m.owner) AS email,
    u.usage_gb, u.subusers, m.currency, m.net_minor, s.first_month, s.last_month
FROM used AS u
FULL JOIN money AS m ON u.owner = m.owner AND u.month = m.month AND m.place = 1
LEFT JOIN seen AS s ON s.owner = coalesce(u.owner, m.owner)
LEFT JOIN customer AS c ON c.email_key = m.owner;

-- The same as text. Grain: owner, month, currency.
CREATE OR REPLACE VIEW customer_month_text AS
SELECT owner, email AS "email", strftime(month, '%Y-%m-%d') AS "month",
    coalesce(plain(usage_gb), '') AS "usage_gb",
    coalesce(subusers::VARCHAR, '') AS "subusers",
    coalesce(major_units(net_minor, currency), '') AS "net_volume",
    coalesce(upper(currency), '') AS "currency",
    coalesce(strftime(first_month, '%Y-%m-%d'), '') AS "first_seen",
    coalesce(strftime(last_month, '%Y-%m-%d'), '') AS "last_seen"
FROM customer_month;

CREATE OR REPLACE VIEW file_customer_months AS
SELECT * EXCLUDE (owner)
FROM customer_month_text
ORDER BY lower(email), email, month, currency;

-- Over a period (months, both inclusive; null is open).
CREATE OR REPLACE MACRO file_users_by_bandwidth(from_month, to_month) AS TABLE
SELECT coalesce(rank::VARCHAR, '') AS "rank", email AS "email",
    plain(usage_gb) AS "usage_gb",
    plain(round(share, 6)::DECIMAL(9, 6)) AS "share",
    plain(round(cumulative_share, 6)::DECIMAL(9, 6)) AS "cumulative_share",
    subusers::VARCHAR AS "subusers", months_active::VARCHAR AS "months_active",
    strftime(first_month, '%Y-%m-%d') AS "first_seen",
    strftime(last_month, '%Y-%m-%d') AS "last_seen"
FROM owner_ranking(from_month, to_month, NULL);

CREATE OR REPLACE MACRO file_bandwidth_distribution(from_month, to_month) AS TABLE
SELECT bin_start_gb::VARCHAR AS "bin_start_gb",
    (bin_start_gb + 1)::VARCHAR AS "bin_end_gb",
    users::VARCHAR AS "users", plain(usage_gb) AS "usage_gb"
FROM usage_bins(from_month, to_month, NULL) AS bin
ORDER BY bin.bin_start_gb;

-- Documents as the original wrote them; usernames are still as sent.
CREATE OR REPLACE VIEW file_filtered_customers AS
SELECT email, oxy_id, oxy_username, brief_oxy_id, brief_oxy_username
FROM current_customers
ORDER BY lower(email), email, oxy_id, oxy_username, brief_oxy_id, brief_oxy_username;

-- Usage by month, every month there is, of all customers. Grain: month.
CREATE OR REPLACE MACRO usage_months_of_all(only_provider, only_type) AS TABLE
SELECT month, sum(usage_gb)::DECIMAL(38, 18) AS usage_gb,
    coalesce(sum(usage_gb) FILTER (status = 'matched'), 0)::DECIMAL(38, 18)
        AS matched_gb,
    coalesce(sum(usage_gb) FILTER (status <> 'matched'), 0)::DECIMAL(38, 18)
        AS unmatched_gb,
    sum(subusers)::BIGINT AS active_subusers,
    sum(customers)::BIGINT AS customers_with_usage
FROM month_total
WHERE CASE WHEN only_provider IS NULL THEN provider_key IS NULL
        ELSE provider_key = provider_number(only_provider) END
    AND CASE WHEN only_type IS NULL OR status <> 'matched' THEN subuser_type IS NULL
        ELSE subuser_type = only_type END
GROUP BY month
ORDER BY month;

-- The same of the customers whose GB over a period (months, both inclusive; null is
-- open) lie in a range (both ends inclusive; null is open); unmatched usage is always
-- in. Of one owner alone where one is named. Grain: month.
CREATE OR REPLACE MACRO usage_months(
    from_month, to_month, only_provider, only_type, least_gb, most_gb, only_owner
) AS TABLE
WITH meant AS (
    SELECT owner_key FROM owner_name WHERE owner = only_owner
    UNION ALL
    SELECT owner_key FROM owner_sum(from_month, to_month, only_provider, only_type)
    WHERE only_owner IS NULL AND owner_key <> 0
        AND (least_gb IS NULL OR usage_gb >= least_gb)
        AND (most_gb IS NULL OR usage_gb <= most_gb)
),
chosen AS MATERIALIZED (
    SELECT subuser_key, owner_key
    FROM subuser_of_type(only_type)
    SEMI JOIN meant USING (owner_key)
),
summed AS (
    SELECT month, sum(usage_gb) AS usage_gb
    FROM usage_fact
    JOIN chosen USING (subuser_key)
    WHERE only_provider IS NULL OR provider_key = provider_number(only_provider)
    GROUP BY month
),
-- A year's months as one set: counted by set, then each set's months.
counted AS (
    SELECT year, months, count(*) AS subusers
    FROM (
        SELECT year, subuser_key, bit_or(months) AS months
        FROM usage_year
        JOIN chosen USING (subuser_key)
        WHERE only_provider IS NULL OR provider_key = provider_number(only_provider)
        GROUP BY year, subuser_key
    )
    GROUP BY year, months
),
users AS (
    SELECT year, used, count(*) AS customers
    FROM (
        SELECT y.year, c.owner_key, bit_or(y.used) AS used
        FROM usage_year AS y
        JOIN chosen AS c USING (subuser_key)
        WHERE c.owner_key <> 0 AND (only_provider IS NULL
            OR y.provider_key = provider_number(only_provider))
        GROUP BY y.year, c.owner_key
    )
    GROUP BY year, used
),
lines AS (
    SELECT s.month, s.usage_gb, 0 AS subusers, 0 AS customers,
        only_owner IS NULL OR only_owner <> unmatched() AS is_matched
    FROM summed AS s
    UNION ALL
    SELECT make_date(year, place, 1), 0, subusers, 0, true
    FROM counted, range(1, 13) AS r(place) WHERE (months >> (place - 1)) & 1 = 1
    UNION ALL
    SELECT make_date(year, place, 1), 0, 0, customers, true
    FROM users, range(1, 13) AS r(place) WHERE (used >> (place - 1)) & 1 = 1
    UNION ALL
    SELECT month, usage_gb, subusers, 0, false
    FROM month_total
    WHERE only_owner IS NULL AND status <> 'matched' AND subuser_type IS NULL
        AND CASE WHEN only_provider IS NULL THEN provider_key IS NULL
            ELSE provider_key = provider_number(only_provider) END
)
SELECT month, sum(usage_gb)::DECIMAL(38, 18) AS usage_gb,
    coalesce(sum(usage_gb) FILTER (is_matched), 0)::DECIMAL(38, 18) AS matched_gb,
    coalesce(sum(usage_gb) FILTER (NOT is_matched), 0)::DECIMAL(38, 18) AS unmatched_gb,
    sum(subusers)::BIGINT AS active_subusers,
    sum(customers)::BIGINT AS customers_with_usage
FROM lines
GROUP BY month
ORDER BY month;

-- Money by payer over a period (months, both inclusive; null is open). first_paid and
-- last_paid are months with a payment; null for who only got money back in the period.
-- Grain: owner, currency.
CREATE OR REPLACE MACRO owner_paid(from_month, to_month) AS TABLE
SELECT coalesce(payer, unknown_payer()) AS owner, currency,
    sum(net_minor)::BIGINT AS net_minor,
    min(month) FILTER (gross_minor <> 0) AS first_paid,
    max(month) FILTER (gross_minor <> 0) AS last_paid,
    sum(gross_minor)::BIGINT AS gross_minor, sum(refunds_minor)::BIGINT AS refunds_minor,
    sum(disputes_minor)::BIGINT AS disputes_minor, sum(fees_minor)::BIGINT AS fees_minor
FROM payer_month
WHERE month BETWEEN coalesce(from_month, DATE '0001-01-01')
    AND coalesce(to_month, DATE '9999-12-01')
GROUP BY ALL;

-- The same over all months. Grain: owner, currency.
CREATE OR REPLACE VIEW owner_money AS FROM owner_paid(NULL, NULL);
