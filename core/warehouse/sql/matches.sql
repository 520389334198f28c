-- Whose each subuser is, by number. subuser_owner holds it. Grain: subuser_key.
CREATE OR REPLACE VIEW subuser_owner_now AS
SELECT n.subuser_key, coalesce(o.owner_key, 0) AS owner_key,
    coalesce(m.status, 'unmatched') AS status,
    CASE WHEN m.status = 'matched' THEN coalesce(m.subuser_type, '') ELSE '' END
        AS subuser_type
FROM subuser_name AS n
LEFT JOIN match AS m USING (subuser)
LEFT JOIN owner_name AS o
    ON o.owner = m.email_key AND m.status = 'matched' AND o.owner_key <> 0;

-- Owners of matched subusers in the order of their emails, and nobody with key 0.
-- owner_name holds it. Grain: owner_key.
CREATE OR REPLACE VIEW owner_name_now AS
SELECT row_number() OVER (ORDER BY lower(min(email)), email_key)::INTEGER AS owner_key,
    email_key AS owner, min(email) AS email
FROM match
WHERE status = 'matched'
GROUP BY email_key
UNION ALL
SELECT 0, unmatched(), unmatched();

-- Usage by month of some years (both inclusive), by status and, apart and together, by
-- provider and type of subuser. A year's months are one set: counted by set, then each
-- set's months. month_total holds it.
-- Grain: month, provider_key, status, subuser_type; null is all together.
CREATE OR REPLACE MACRO month_total_of(from_year, to_year) AS TABLE
WITH owned AS (
    SELECT y.year, y.provider_key, o.status, o.subuser_type, o.owner_key, y.subuser_key,
        y.months, y.used
    FROM usage_year AS y
    JOIN subuser_owner AS o USING (subuser_key)
    WHERE y.year BETWEEN from_year AND to_year
),
counted AS (
    SELECT year, provider_key, status, subuser_type, months, count(*) AS subusers
    FROM (
        SELECT year, provider_key, status, subuser_type, subuser_key,
            bit_or(months) AS months
        FROM owned
        GROUP BY GROUPING SETS (
            (year, status, subuser_type, subuser_key),
            (year, provider_key, status, subuser_type, subuser_key))
    )
    GROUP BY ALL
),
users AS (
    SELECT year, provider_key, status, subuser_type, used, count(*) AS customers
    FROM (
        SELECT year, provider_key, status, subuser_type, owner_key, bit_or(used) AS used
        FROM owned
        WHERE owner_key <> 0
        GROUP BY GROUPING SETS (
            (year, status, owner_key), (year, provider_key, status, owner_key),
            (year, status, subuser_type, owner_key),
            (year, provider_key, status, subuser_type, owner_key))
    )
    GROUP BY ALL
),
summed AS (
    SELECT f.month, f.provider_key, o.status, o.subuser_type,
        sum(f.usage_gb) AS usage_gb
    FROM usage_fact AS f
    JOIN subuser_owner AS o USING (subuser_key)
    WHERE f.month BETWEEN make_date(from_year, 1, 1) AND make_date(to_year, 12, 1)
    GROUP BY ALL
),
lines AS (
    SELECT month, provider_key, status, subuser_type, sum(usage_gb) AS usage_gb,
        0 AS subusers, 0 AS customers
    FROM summed
    GROUP BY GROUPING SETS (
        (month, status), (month, provider_key, status), (month, status, subuser_type),
        (month, provider_key, status, subuser_type))
    UNION ALL
    SELECT make_date(year, place, 1) AS month, provider_key, status, subuser_type, 0,
        sum(subusers), 0
    FROM counted, range(1, 13) AS r(place) WHERE (months >> (place - 1)) & 1 = 1
    GROUP BY GROUPING SETS (
        (year, place, provider_key, status),
        (year, place, provider_key, status, subuser_type))
    UNION ALL
    SELECT make_date(year, place, 1), provider_key, status, subuser_type, 0, 0,
        customers
    FROM users, range(1, 13) AS r(place) WHERE (used >> (place - 1)) & 1 = 1
)
SELECT month, provider_key, status, subuser_type,
    sum(usage_gb)::DECIMAL(38, 18) AS usage_gb,
    sum(subusers)::BIGINT AS subusers, sum(customers)::BIGINT AS customers
FROM lines
GROUP BY month, provider_key, status, subuser_type;

-- Usage with its owner. Grain: provider, subuser, month. email_key is null when the
-- subuser has no customer, or none that is sure.
CREATE OR REPLACE VIEW owned_usage AS
SELECT
    u.provider, u.subuser, u.month, u.usage_gb, u.is_destroyed,
    coalesce(m.status, 'unmatched') AS status,
    CASE WHEN m.status = 'matched' THEN m.email_key END AS email_key,
    CASE WHEN m.status = 'matched' THEN m.email END AS email,
    CASE WHEN m.status = 'matched' THEN m.subuser_type END AS subuser_type,
    CASE WHEN m.status = 'matched' THEN m.subuser_id END AS subuser_id
FROM usage_month AS u
LEFT JOIN match AS m USING (subuser);

CREATE OR REPLACE VIEW file_final_subuser_bw_usage AS
SELECT email AS "Email", coalesce(subuser_type, '') AS "Subuser Type",
    coalesce(subuser_id, '') AS "Subuser ID", subuser AS "Subuser",
    strftime(month, '%Y-%m') AS "Date",
    plain(sum(usage_gb)::DECIMAL(38, 18)) AS "Bandwidth Usage"
FROM owned_usage
WHERE email_key IS NOT NULL
GROUP BY email, subuser_type, subuser_id, subuser, month
ORDER BY lower(email), email, lower(subuser), subuser, month;

-- Subusers with their GB over all months. Grain: subuser.
CREATE OR REPLACE VIEW subuser_total AS
SELECT subuser, is_destroyed, usage_gb, months_active, first_month, last_month
FROM subuser_period(NULL, NULL, NULL);

-- Subusers with their match, over a period (months, both inclusive; null is open).
CREATE OR REPLACE MACRO file_subuser_matches(from_month, to_month) AS TABLE
SELECT t.subuser AS "Subuser",
    CASE WHEN m.status = 'matched' THEN m.email ELSE '' END AS "Email",
    CASE WHEN m.status = 'matched' THEN coalesce(m.subuser_type, '') ELSE '' END
        AS "Subuser Type",
    CASE WHEN m.status = 'matched' THEN coalesce(m.subuser_id, '') ELSE '' END
        AS "Subuser ID",
    coalesce(m.status, 'unmatched') AS "Status",
    coalesce(m.rule, '') AS "Rule",
    coalesce(plain(round(m.score, 2)::DECIMAL(18, 2)), '') AS "Score",
    coalesce(m.runner_up_email, '') AS "Runner-up Email",
    coalesce(plain(round(m.runner_up_score, 2)::DECIMAL(18, 2)), '')
        AS "Runner-up Score",
    plain(t.usage_gb) AS "Bandwidth Usage"
FROM subuser_period(from_month, to_month, NULL) AS t
LEFT JOIN match AS m USING (subuser)
ORDER BY lower(t.subuser), t.subuser;

-- Months in which a subuser used more than nothing, and whether a Stripe file tells of
-- the month. Grain: subuser, month.
CREATE OR REPLACE VIEW months_used_and_told AS
SELECT DISTINCT n.subuser, f.month,
    f.month IN (SELECT month FROM revenue_basis) AS is_told
FROM usage_fact AS f
JOIN subuser_name AS n USING (subuser_key)
WHERE f.usage_gb > 0;
