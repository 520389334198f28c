-- Names that stand for usage and money without a customer.
CREATE OR REPLACE MACRO unmatched() AS '(unmatched)';
CREATE OR REPLACE MACRO unknown_payer() AS '(unknown payer)';

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

-- Usage by calendar month. A month that came as one row needs no sum. usage_fact holds
-- it. Both days are inclusive; they bound whole months.
-- Grain: month, provider_key, subuser_key.
CREATE OR REPLACE MACRO usage_fact_of(from_day, to_day) AS TABLE
WITH counted AS (
    SELECT p.provider_key, g.month, g.granularity = 'day' AS is_day
    FROM month_granularity AS g
    JOIN provider_name AS p USING (provider)
)
SELECT l.period_start AS month, l.provider_key, l.subuser_key, l.usage_gb,
    l.is_destroyed
FROM current_line AS l
JOIN counted AS c
    ON l.provider_key = c.provider_key AND l.period_start = c.month
    AND l.is_day = c.is_day
WHERE NOT l.is_day AND l.period_start BETWEEN from_day AND to_day
UNION ALL
SELECT c.month, l.provider_key, l.subuser_key,
    sum(l.usage_gb)::DECIMAL(38, 18) AS usage_gb,
    any_value(l.is_destroyed) AS is_destroyed
FROM current_line AS l
JOIN counted AS c
    ON l.provider_key = c.provider_key
    AND date_trunc('month', l.period_start)::DATE = c.month
    AND l.is_day = c.is_day
WHERE l.is_day AND l.period_start BETWEEN from_day AND to_day
GROUP BY ALL;

-- The same with its names, as it is held. Grain: provider, subuser, month.
CREATE OR REPLACE VIEW usage_month AS
SELECT p.provider, n.subuser, f.month, f.usage_gb, f.is_destroyed
FROM usage_fact AS f
JOIN subuser_name AS n USING (subuser_key)
JOIN provider_name AS p USING (provider_key);

-- Months of a year as a set: a bit for each, the lowest for January. bit_or joins sets.
CREATE OR REPLACE MACRO month_bit(month) AS (1 << (month(month) - 1))::SMALLINT;

-- The same of ten years from a first one on, as one set; empty for other years.
CREATE OR REPLACE MACRO decade_set(months, year, first_year) AS
    CASE WHEN year BETWEEN first_year AND first_year + 9
        THEN months::HUGEINT << (12 * (year - first_year))::HUGEINT ELSE 0::HUGEINT END;

-- First year with usage.
CREATE OR REPLACE MACRO first_year() AS (SELECT min(year) FROM usage_year);

-- Number of a provider by name; null for one that is not loaded.
CREATE OR REPLACE MACRO provider_number(name) AS
    (SELECT provider_key FROM provider_name WHERE provider = name);

-- Usage by year, of the whole years that two days lie in. usage_year holds it.
-- Grain: year, provider_key, subuser_key.
CREATE OR REPLACE MACRO usage_year_of(from_day, to_day) AS TABLE
SELECT year(month)::SMALLINT AS year, provider_key, subuser_key,
    sum(usage_gb)::DECIMAL(38, 18) AS usage_gb,
    bit_or(month_bit(month)) AS months,
    bit_or(CASE WHEN usage_gb > 0 THEN month_bit(month) ELSE 0::SMALLINT END) AS used,
    min(month) AS first_month, max(month) AS last_month,
    min(month) FILTER (usage_gb > 0) AS first_used,
    max(month) FILTER (usage_gb > 0) AS last_used,
    bool_or(is_destroyed) AS is_destroyed
FROM usage_fact
WHERE month BETWEEN date_trunc('year', from_day::DATE)::DATE
    AND (date_trunc('year', to_day::DATE) + INTERVAL 11 MONTH)::DATE
GROUP BY ALL;

-- Usage over a period (months, both inclusive; null is open) of one provider or of all
-- (null), in few rows: whole years as years, and the months before and after them.
-- Grain: year or month, provider_key, subuser_key.
CREATE OR REPLACE MACRO usage_part(from_month, to_month, only_provider) AS TABLE
SELECT year, provider_key, subuser_key, usage_gb, months, used, first_month, last_month,
    first_used, last_used, is_destroyed
FROM usage_year
WHERE year >= year(coalesce(from_month::DATE, DATE '0001-01-01') + INTERVAL 11 MONTH)
    AND year <= year(coalesce(to_month::DATE, DATE '9999-12-01') - INTERVAL 11 MONTH)
    AND (only_provider IS NULL OR provider_key = provider_number(only_provider))
UNION ALL
SELECT year(month)::SMALLINT, provider_key, subuser_key, usage_gb,
    month_bit(month), CASE WHEN usage_gb > 0 THEN month_bit(month) ELSE 0::SMALLINT END,
    month, month,
    CASE WHEN usage_gb > 0 THEN month END, CASE WHEN usage_gb > 0 THEN month END,
    is_destroyed
FROM usage_fact
WHERE month BETWEEN coalesce(from_month::DATE, DATE '0001-01-01')
        AND coalesce(to_month::DATE, DATE '9999-12-01')
    AND (month < date_trunc('year', coalesce(from_month::DATE, DATE '0001-01-01')
            + INTERVAL 11 MONTH)::DATE
        OR month >= date_trunc('year', coalesce(to_month::DATE, DATE '9999-12-01')
            + INTERVAL 1 MONTH)::DATE)
    AND (only_provider IS NULL OR provider_key = provider_number(only_provider));

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
-- or of all (null). The months of twenty years stand in two sets. Grain: subuser_key.
CREATE OR REPLACE MACRO subuser_sum(from_month, to_month, only_provider) AS TABLE
SELECT subuser_key, sum(usage_gb)::DECIMAL(38, 18) AS usage_gb,
    min(first_month) AS first_month, max(last_month) AS last_month,
    bit_or(decade_set(months, year, first_year())) AS early,
    bit_or(decade_set(months, year, first_year() + 10)) AS late,
    bool_or(is_destroyed) AS is_destroyed
FROM usage_part(from_month, to_month, only_provider)
GROUP BY subuser_key;

-- Months beyond those twenty years: none, as a rule. Grain: subuser_key, year.
CREATE OR REPLACE MACRO subuser_later(from_month, to_month, only_provider) AS TABLE
SELECT subuser_key, year, bit_or(months) AS months
FROM usage_part(from_month, to_month, only_provider)
WHERE year > first_year() + 19
GROUP BY subuser_key, year;

-- The same with names and months. Grain: subuser.
CREATE OR REPLACE MACRO subuser_period(from_month, to_month, only_provider) AS TABLE
SELECT n.subuser, s.usage_gb,
    (bit_count(s.early) + bit_count(s.late) + coalesce(l.months, 0))::BIGINT
        AS months_active,
    s.first_month, s.last_month, s.is_destroyed
FROM subuser_sum(from_month, to_month, only_provider) AS s
JOIN subuser_name AS n USING (subuser_key)
LEFT JOIN (
    SELECT subuser_key, sum(bit_count(months)) AS months
    FROM subuser_later(from_month, to_month, only_provider)
    GROUP BY subuser_key
) AS l USING (subuser_key);
