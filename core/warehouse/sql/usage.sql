-- Plain decimal text of a DECIMAL that has a scale: no exponent, no closing zeros.
CREATE OR REPLACE MACRO plain(amount) AS rtrim(rtrim(amount::VARCHAR, '0'), '.');

-- Value of a setting, or what holds without one.
CREATE OR REPLACE MACRO setting_or(wanted, otherwise) AS
    coalesce((SELECT value FROM setting WHERE name = wanted), otherwise);

-- Calendar month of an instant (UTC without a zone) in the reporting time zone. UTC, as
-- most have it, is spared the slow way through a zone and back.
CREATE OR REPLACE MACRO reporting_month(instant) AS
    date_trunc('month', CASE WHEN setting_or('time_zone', 'UTC') = 'UTC' THEN instant
        ELSE timezone(setting_or('time_zone', 'UTC'), timezone('UTC', instant)) END
    )::DATE;

-- Instant (UTC without a zone) at which a month begins in the reporting time zone.
CREATE OR REPLACE MACRO month_begin(month) AS
    timezone('UTC', timezone(setting_or('time_zone', 'UTC'), month::TIMESTAMP));

-- Months as a set: a bit for each month of 1900 to 2199, more than
-- a reader takes. bit_or joins sets.
CREATE OR REPLACE MACRO month_set(month) AS
    bitstring_agg(datediff('month', DATE '1900-01-01', month)::INTEGER, 0, 3599);

-- Rows of usage that count now, by the numbers of their names.
CREATE OR REPLACE VIEW current_line AS
SELECT * EXCLUDE (is_current) FROM usage_line WHERE is_current;

-- Every row of every usage batch, with its names; and those that count now. Grain of
-- the latter: provider, subuser, period, granularity.
CREATE OR REPLACE VIEW usage_row AS
SELECT f.batch_id, f.line, p.provider, s.subuser, f.period_start,
    CASE WHEN f.is_day THEN 'day' ELSE 'month' END AS granularity,
    f.usage_gb, f.is_destroyed
FROM usage_line AS f
JOIN provider_name AS p USING (provider_key)
JOIN subuser_name AS s USING (subuser_key);

CREATE OR REPLACE VIEW current_usage AS
SELECT f.batch_id, f.line, p.provider, s.subuser, f.period_start,
    CASE WHEN f.is_day THEN 'day' ELSE 'month' END AS granularity,
    f.usage_gb, f.is_destroyed
FROM current_line AS f
JOIN provider_name AS p USING (provider_key)
JOIN subuser_name AS s USING (subuser_key);

-- Rows of a period that count now. Grain: provider, period, granularity, batch.
CREATE OR REPLACE MACRO period_rows(from_day, to_day) AS TABLE
SELECT p.provider, date_trunc('month', f.period_start)::DATE AS month,
    f.period_start, f.is_day, f.batch_id, f.row_count
FROM (
    SELECT provider_key, period_start, is_day, batch_id, count(*) AS row_count
    FROM current_line
    WHERE period_start BETWEEN from_day AND to_day
    GROUP BY ALL
) AS f
JOIN provider_name AS p USING (provider_key);

-- Which granularity counts. Grain: provider, calendar month. Days and months of one
-- provider are the same gigabytes; days count once every day of the month has a row.
-- Both days are inclusive; they bound whole months. month_granularity holds it.
CREATE OR REPLACE MACRO month_granularity_of(from_day, to_day) AS TABLE
SELECT
    provider,
    month,
    bool_or(NOT is_day) AS has_month,
    bool_or(is_day) AS has_day,
    count(DISTINCT period_start) FILTER (is_day) = day(last_day(month))
        AS has_all_days,
    CASE WHEN has_day AND (has_all_days OR NOT has_month)
        THEN 'day' ELSE 'month' END AS granularity
FROM period_rows(from_day, to_day)
GROUP BY provider, month;

-- Months that are not whole: days are missing, or the newest file with a row of theirs
-- came before they ended. Grain: provider, month. partial_month holds it.
CREATE OR REPLACE MACRO partial_month_of(from_day, to_day) AS TABLE
SELECT u.provider, g.month
FROM period_rows(from_day, to_day) AS u
JOIN month_granularity AS g
    ON u.provider = g.provider AND u.month = g.month
    AND u.is_day = (g.granularity = 'day')
JOIN batch AS b USING (batch_id)
GROUP BY u.provider, g.month
HAVING bool_or(g.granularity = 'day' AND NOT g.has_all_days)
    OR max(b.loaded_at) < g.month + INTERVAL 1 MONTH;

-- Usage by calendar month. Grain: provider, subuser, month. A month that came as one row
-- needs no sum. usage_month holds it.
CREATE OR REPLACE MACRO usage_month_of(from_day, to_day) AS TABLE
SELECT u.provider, u.subuser, u.period_start AS month, u.usage_gb, u.is_destroyed
FROM current_usage AS u
JOIN month_granularity AS g
    ON u.provider = g.provider AND u.period_start = g.month
    AND u.granularity = g.granularity
WHERE u.granularity = 'month' AND u.period_start BETWEEN from_day AND to_day
UNION ALL
SELECT
    u.provider,
    u.subuser,
    g.month,
    sum(u.usage_gb)::DECIMAL(38, 18) AS usage_gb,
    any_value(u.is_destroyed) AS is_destroyed
FROM current_usage AS u
JOIN month_granularity AS g
    ON u.provider = g.provider
    AND date_trunc('month', u.period_start)::DATE = g.month
    AND u.granularity = g.granularity
WHERE u.granularity = 'day' AND u.period_start BETWEEN from_day AND to_day
GROUP BY ALL;

-- Grain: subuser, month, over all providers.
CREATE OR REPLACE VIEW subuser_month AS
SELECT subuser, month, sum(usage_gb)::DECIMAL(38, 18) AS usage_gb,
    any_value(is_destroyed) AS is_destroyed
FROM usage_month
GROUP BY subuser, month;

-- The original's first three files.
CREATE OR REPLACE VIEW file_subuser_bw_usage_sorted AS
SELECT subuser AS "Subuser", strftime(month, '%Y-%m') AS "Date",
    plain(usage_gb) AS "Bandwidth Usage"
FROM subuser_month
ORDER BY lower(subuser), subuser, month;

CREATE OR REPLACE VIEW file_active_users_by_date AS
SELECT strftime(month, '%Y-%m') AS "Date", count(*)::VARCHAR AS "Active Users"
FROM subuser_month
GROUP BY month
ORDER BY month;

CREATE OR REPLACE VIEW file_total_bandwidth_usage_by_date AS
SELECT strftime(month, '%Y-%m') AS "Date",
    plain(sum(usage_gb)::DECIMAL(38, 18)) AS "Total Monthly Bandwidth Usage"
FROM subuser_month
GROUP BY month
ORDER BY month;

-- Usage by subuser over a period (months, both inclusive; null is open), of one provider
-- or of all (null). Grain: subuser.
CREATE OR REPLACE MACRO subuser_period(from_month, to_month, only_provider) AS TABLE
SELECT subuser, sum(usage_gb)::DECIMAL(38, 18) AS usage_gb,
    bit_count(month_set(month)) AS months_active,
    min(month) AS first_month, max(month) AS last_month
FROM usage_month
WHERE month BETWEEN coalesce(from_month, DATE '0001-01-01')
        AND coalesce(to_month, DATE '9999-12-01')
    AND (only_provider IS NULL OR provider = only_provider)
GROUP BY subuser;
