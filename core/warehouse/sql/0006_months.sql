DROP VIEW IF EXISTS usage_month_now;
DROP VIEW IF EXISTS partial_month;
DROP VIEW IF EXISTS month_granularity;

-- Which granularity counts in a month of a provider. Kept up to date by each load and
-- undo.
CREATE TABLE month_granularity (
    provider VARCHAR NOT NULL,
    month DATE NOT NULL,
    has_month BOOLEAN NOT NULL,
    has_day BOOLEAN NOT NULL,
    has_all_days BOOLEAN NOT NULL,
    granularity VARCHAR NOT NULL
);
INSERT INTO month_granularity
SELECT
    provider,
    date_trunc('month', period_start)::DATE AS month,
    count(*) FILTER (granularity = 'month') > 0 AS has_month,
    count(*) FILTER (granularity = 'day') > 0 AS has_day,
    count(DISTINCT period_start) FILTER (granularity = 'day')
        = day(last_day(any_value(period_start))) AS has_all_days,
    CASE WHEN has_day AND (has_all_days OR NOT has_month)
        THEN 'day' ELSE 'month' END AS granularity
FROM current_usage
GROUP BY ALL;

-- Months that are not whole. Kept up to date likewise.
CREATE TABLE partial_month (provider VARCHAR NOT NULL, month DATE NOT NULL);
INSERT INTO partial_month
SELECT u.provider, g.month
FROM current_usage AS u
JOIN month_granularity AS g
    ON u.provider = g.provider
    AND date_trunc('month', u.period_start)::DATE = g.month
    AND u.granularity = g.granularity
JOIN batch AS b USING (batch_id)
GROUP BY u.provider, g.month
HAVING bool_or(g.granularity = 'day' AND NOT g.has_all_days)
    OR max(b.loaded_at) < g.month + INTERVAL 1 MONTH;
