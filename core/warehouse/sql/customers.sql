-- Names that stand for usage and money without a customer.
CREATE OR REPLACE MACRO unmatched() AS '(unmatched)';
CREATE OR REPLACE MACRO unknown_payer() AS '(unknown payer)';

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
SELECT coalesce(email_key, unmatched()) AS owner, month,
    coalesce(min(email), unmatched()) AS email,
    sum(usage_gb)::DECIMAL(38, 18) AS usage_gb,
    count(DISTINCT subuser) AS subusers
FROM owned_usage
GROUP BY ALL;

-- Usage by customer over a period (months, both inclusive; null is open), of one
-- provider or of all (null), of one type of subuser (Pro, Basic, '' for matched ones
-- without a type, '(unmatched)') or of all. Unmatched usage is always in. Grain: owner.
CREATE OR REPLACE MACRO owner_total(
    from_month, to_month, only_provider, only_type := NULL
) AS TABLE
WITH per_subuser AS (
    SELECT subuser, sum(usage_gb) AS usage_gb, month_set(month) AS months,
        min(month) AS first_month, max(month) AS last_month
    FROM usage_month
    WHERE month BETWEEN coalesce(from_month, DATE '0001-01-01')
            AND coalesce(to_month, DATE '9999-12-01')
        AND (only_provider IS NULL OR provider = only_provider)
    GROUP BY subuser
)
SELECT coalesce(email_key, unmatched()) AS owner,
    coalesce(min(email), unmatched()) AS email,
    sum(usage_gb)::DECIMAL(38, 18) AS usage_gb,
    count(*) AS subusers,
    bit_count(bit_or(months)) AS months_active,
    min(first_month) AS first_month,
    max(last_month) AS last_month
FROM per_subuser
LEFT JOIN owned_subuser USING (subuser)
WHERE only_type IS NULL OR email_key IS NULL
    OR coalesce(subuser_type, '') = only_type
GROUP BY 1;

-- The same, ranked. rank is null for unmatched usage, which stands last.
CREATE OR REPLACE MACRO owner_ranking(
    from_month, to_month, only_provider, only_type := NULL
) AS TABLE
SELECT
    CASE WHEN owner <> unmatched() THEN row_number() OVER ranked END AS rank,
    owner, email, usage_gb,
    usage_gb::DOUBLE / nullif((sum(usage_gb) OVER ())::DOUBLE, 0) AS share,
    (sum(usage_gb) OVER ranked)::DOUBLE
        / nullif((sum(usage_gb) OVER ())::DOUBLE, 0) AS cumulative_share,
    subusers, months_active, first_month, last_month
FROM owner_total(from_month, to_month, only_provider, only_type)
WINDOW ranked AS (
    ORDER BY owner = unmatched(), usage_gb DESC, lower(email), owner
    ROWS UNBOUNDED PRECEDING
)
ORDER BY owner = unmatched(), usage_gb DESC, lower(email), owner;

-- Customers by whole GB used. Grain: bin; a bin without customers has no row.
CREATE OR REPLACE MACRO usage_bins(
    from_month, to_month, only_provider, only_type := NULL
) AS TABLE
SELECT floor(usage_gb)::BIGINT AS bin_start_gb, count(*) AS users,
    sum(usage_gb)::DECIMAL(38, 18) AS usage_gb
FROM owner_total(from_month, to_month, only_provider, only_type)
WHERE owner <> unmatched()
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

-- Usage by month, every month there is, of the customers whose GB over the period lie in
-- a range (both ends inclusive; null is open); unmatched usage is always in. Of one owner
-- alone where one is named. Grain: month.
CREATE OR REPLACE MACRO usage_months(
    from_month, to_month, only_provider, only_type, least_gb, most_gb, only_owner
) AS TABLE
WITH per_subuser AS (
    SELECT subuser, min(provider) <> max(provider) AS is_twice,
        sum(usage_gb) FILTER (month BETWEEN coalesce(from_month, DATE '0001-01-01')
            AND coalesce(to_month, DATE '9999-12-01')) AS usage_gb
    FROM usage_month
    WHERE only_provider IS NULL OR provider = only_provider
    GROUP BY subuser
),
owned AS (
    SELECT subuser, email_key, is_twice,
        is_twice OR count(*) OVER owners > 1 AS has_others,
        sum(usage_gb) OVER owners AS owner_gb
    FROM per_subuser
    LEFT JOIN owned_subuser USING (subuser)
    WHERE only_type IS NULL OR email_key IS NULL
        OR coalesce(subuser_type, '') = only_type
    WINDOW owners AS (PARTITION BY email_key)
),
chosen AS MATERIALIZED (
    SELECT * FROM owned
    WHERE CASE WHEN only_owner IS NOT NULL
        THEN coalesce(email_key, unmatched()) = only_owner
        ELSE owner_gb IS NOT NULL AND (email_key IS NULL
            OR ((least_gb IS NULL OR owner_gb >= least_gb)
                AND (most_gb IS NULL OR owner_gb <= most_gb))) END
),
-- Who may stand several times in a month is counted apart: few, and slow to count.
repeated AS (
    SELECT month, count(DISTINCT subuser) FILTER (is_twice) AS subusers,
        count(DISTINCT email_key) FILTER (u.usage_gb > 0) AS customers
    FROM usage_month AS u
    JOIN (SELECT * FROM chosen
        WHERE is_twice OR (has_others AND email_key IS NOT NULL)) USING (subuser)
    WHERE only_provider IS NULL OR u.provider = only_provider
    GROUP BY month
),
summed AS (
    SELECT month,
        sum(u.usage_gb)::DECIMAL(38, 18) AS usage_gb,
        coalesce(sum(u.usage_gb) FILTER (email_key IS NOT NULL), 0)::DECIMAL(38, 18)
            AS matched_gb,
        coalesce(sum(u.usage_gb) FILTER (email_key IS NULL), 0)::DECIMAL(38, 18)
            AS unmatched_gb,
        count(*) FILTER (NOT is_twice) AS subusers,
        count(*) FILTER (u.usage_gb > 0 AND email_key IS NOT NULL AND NOT has_others)
            AS customers
    FROM usage_month AS u
    JOIN chosen USING (subuser)
    WHERE only_provider IS NULL OR u.provider = only_provider
    GROUP BY month
)
SELECT s.month, s.usage_gb, s.matched_gb, s.unmatched_gb,
    s.subusers + coalesce(r.subusers, 0) AS active_subusers,
    s.customers + coalesce(r.customers, 0) AS customers_with_usage
FROM summed AS s
LEFT JOIN repeated AS r USING (month)
ORDER BY s.month;

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
