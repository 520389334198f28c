-- How customers go: by rank, from month to month, and by the month they began in.

-- Ranks over a period beside those over the same months moved back by one; without a
-- first month both begin with the data. Grain: owner.
CREATE OR REPLACE MACRO owner_standing(from_month, to_month) AS TABLE
SELECT now.*, earlier.rank AS rank_before
FROM owner_ranking(from_month, to_month, NULL) AS now
LEFT JOIN owner_rank(
    (from_month::DATE - INTERVAL 1 MONTH)::DATE,
    (coalesce(to_month::DATE, (SELECT max(month) FROM month_granularity))
        - INTERVAL 1 MONTH)::DATE,
    NULL) AS earlier USING (owner);

-- Customers in one month beside the month before it and the three before it. course
-- is null for whom nothing of note happened, and for what the loaded months cannot
-- tell: nobody is new in the first of them, or rises or falls after one without data.
-- Grain: owner; unmatched usage is nobody's and not here.
CREATE OR REPLACE MACRO owner_course(at_month) AS TABLE
WITH told AS (
    SELECT min(month) AS first_loaded,
        bool_or(month = (at_month::DATE - INTERVAL 1 MONTH)::DATE) AS has_before
    FROM month_granularity
),
ends AS (
    SELECT o.owner_key, min(p.first_used) AS first_month, max(p.last_used) AS last_month
    FROM usage_part(NULL, at_month, NULL) AS p
    JOIN subuser_owner AS o USING (subuser_key)
    WHERE o.owner_key <> 0 AND p.first_used IS NOT NULL
    GROUP BY o.owner_key
),
lately AS (
    SELECT o.owner_key,
        coalesce(sum(usage_gb) FILTER (months_ago = 0), 0)::DECIMAL(38, 18) AS usage_gb,
        coalesce(sum(usage_gb) FILTER (months_ago = 1), 0)::DECIMAL(38, 18)
            AS before_gb,
        coalesce(sum(usage_gb) FILTER (months_ago > 0), 0)::DECIMAL(38, 18)
            AS recent_gb
    FROM (
        SELECT subuser_key, usage_gb, datediff('month', month, at_month::DATE)
            AS months_ago
        FROM usage_fact
        WHERE month BETWEEN (at_month::DATE - INTERVAL 3 MONTH)::DATE
            AND at_month::DATE
    )
    JOIN subuser_owner AS o USING (subuser_key)
    WHERE o.owner_key <> 0
    GROUP BY o.owner_key
),
summed AS (
    SELECT n.owner, n.email, e.first_month, e.last_month,
        coalesce(l.usage_gb, 0)::DECIMAL(38, 18) AS usage_gb,
        coalesce(l.before_gb, 0)::DECIMAL(38, 18) AS before_gb,
        coalesce(l.recent_gb, 0)::DECIMAL(38, 18) AS recent_gb
    FROM ends AS e
    JOIN owner_name AS n USING (owner_key)
    LEFT JOIN lately AS l USING (owner_key)
)
SELECT owner, email, usage_gb, before_gb, recent_gb,
    (usage_gb - before_gb)::DECIMAL(38, 18) AS change_gb, first_month, last_month,
    CASE
        WHEN first_month = at_month::DATE
        THEN CASE WHEN first_loaded < at_month::DATE THEN 'new' END
        WHEN usage_gb = 0 THEN CASE WHEN recent_gb > 0 THEN 'quiet' END
        WHEN NOT has_before THEN NULL
        WHEN usage_gb * 2 > before_gb * 3 THEN 'rising'
        WHEN usage_gb * 2 < before_gb THEN 'falling'
    END AS course
FROM summed, told;

-- Customers with usage, the largest first, and what they used together down to each.
-- Grain: rank.
CREATE OR REPLACE MACRO owner_concentration(from_month, to_month) AS TABLE
SELECT row_number() OVER ranked AS rank, count(*) OVER () AS customers,
    (sum(usage_gb) OVER ranked)::DECIMAL(38, 18) AS running_gb,
    (sum(usage_gb) OVER ())::DECIMAL(38, 18) AS total_gb
FROM owner_sum(from_month, to_month, NULL, NULL)
WHERE owner_key <> 0 AND usage_gb > 0
WINDOW ranked AS (ORDER BY usage_gb DESC, owner_key ROWS UNBOUNDED PRECEDING);

-- Customers by the month of their first usage above 0, and how many of them have any in
-- each loaded month from then on. Grain: first_month, month.
CREATE OR REPLACE VIEW cohort_month AS
WITH begun AS MATERIALIZED (
    SELECT o.owner_key, min(y.first_used) AS first_month
    FROM usage_year AS y
    JOIN subuser_owner AS o USING (subuser_key)
    WHERE o.owner_key <> 0 AND y.first_used IS NOT NULL
    GROUP BY o.owner_key
),
sizes AS (
    SELECT first_month, count(*) AS customers
    FROM begun
    GROUP BY first_month
),
-- A year's months are one set: counted by set, then each set's months.
users AS (
    SELECT first_month, year, used, count(*) AS customers
    FROM (
        SELECT b.first_month, y.year, o.owner_key, bit_or(y.used) AS used
        FROM usage_year AS y
        JOIN subuser_owner AS o USING (subuser_key)
        JOIN begun AS b USING (owner_key)
        GROUP BY ALL
    )
    GROUP BY ALL
),
active AS (
    SELECT first_month, make_date(year, place, 1) AS month,
        sum(customers)::BIGINT AS active
    FROM users, range(1, 13) AS r(place)
    WHERE (used >> (place - 1)) & 1 = 1
    GROUP BY ALL
)
SELECT s.first_month, m.month,
    datediff('month', s.first_month, m.month) AS months_after,
    s.customers, coalesce(a.active, 0) AS active
FROM sizes AS s
JOIN (SELECT DISTINCT month FROM month_granularity) AS m ON m.month >= s.first_month
LEFT JOIN active AS a ON a.first_month = s.first_month AND a.month = m.month;
