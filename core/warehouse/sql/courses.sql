-- How customers go: by rank, from month to month, and by the month they began in.

-- Ranks over a period beside those over the same months moved back by one; without a
-- first month both begin with the data. Grain: owner.
CREATE OR REPLACE MACRO owner_standing(from_month, to_month) AS TABLE
SELECT now.*, earlier.rank AS rank_before
FROM owner_ranking(from_month, to_month, NULL) AS now
LEFT JOIN owner_ranking(
    (from_month::DATE - INTERVAL 1 MONTH)::DATE,
    (coalesce(to_month::DATE, (SELECT max(month) FROM usage_month))
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
    FROM usage_month
),
used AS (
    SELECT owner, email, month, usage_gb,
        datediff('month', month, at_month::DATE) AS months_ago
    FROM owner_month
    WHERE owner <> unmatched() AND usage_gb > 0 AND month <= at_month::DATE
),
summed AS (
    SELECT owner, min(email) AS email,
        coalesce(sum(usage_gb) FILTER (months_ago = 0), 0)::DECIMAL(38, 18) AS usage_gb,
        coalesce(sum(usage_gb) FILTER (months_ago = 1), 0)::DECIMAL(38, 18)
            AS before_gb,
        coalesce(sum(usage_gb) FILTER (months_ago BETWEEN 1 AND 3), 0)::DECIMAL(38, 18)
            AS recent_gb,
        min(month) AS first_month, max(month) AS last_month
    FROM used
    GROUP BY owner
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
SELECT rank, count(*) OVER () AS customers,
    (sum(usage_gb) OVER (ORDER BY rank))::DECIMAL(38, 18) AS running_gb,
    (sum(usage_gb) OVER ())::DECIMAL(38, 18) AS total_gb
FROM owner_ranking(from_month, to_month, NULL)
WHERE rank IS NOT NULL AND usage_gb > 0;

-- Customers by the month of their first usage above 0, and how many of them have any in
-- each loaded month from then on. Grain: first_month, month.
CREATE OR REPLACE VIEW cohort_month AS
WITH used AS (
    SELECT owner, month, min(month) OVER (PARTITION BY owner) AS first_month
    FROM owner_month
    WHERE owner <> unmatched() AND usage_gb > 0
),
sizes AS (
    SELECT first_month, count(DISTINCT owner) AS customers
    FROM used
    GROUP BY first_month
),
active AS (
    SELECT first_month, month, count(*) AS active
    FROM used
    GROUP BY first_month, month
)
SELECT s.first_month, m.month,
    datediff('month', s.first_month, m.month) AS months_after,
    s.customers, coalesce(a.active, 0) AS active
FROM sizes AS s
JOIN (SELECT DISTINCT month FROM usage_month) AS m ON m.month >= s.first_month
LEFT JOIN active AS a ON a.first_month = s.first_month AND a.month = m.month;
