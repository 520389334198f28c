-- Subusers that have a customer. Grain: subuser.
CREATE OR REPLACE VIEW owned_subuser AS
SELECT subuser, email_key, email, subuser_type FROM match WHERE status = 'matched';

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
SELECT subuser, any_value(is_destroyed) AS is_destroyed,
    sum(usage_gb)::DECIMAL(38, 18) AS usage_gb,
    bit_count(month_set(month)) AS months_active,
    min(month) AS first_month, max(month) AS last_month
FROM usage_month
GROUP BY subuser;

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
SELECT DISTINCT subuser, month,
    month IN (SELECT month FROM revenue_basis) AS is_told
FROM usage_month
WHERE usage_gb > 0;
