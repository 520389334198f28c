-- What Stripe's summaries and the two kinds of files say of the same money.

-- Reporting category of a ledger row, told by either name of its kind.
-- Source: Stripe documentation, reporting categories by type.
CREATE OR REPLACE MACRO reporting_category(type, flow, amount_minor) AS CASE
    WHEN type IN ('charge', 'payment') THEN 'charge'
    WHEN type IN ('refund', 'payment_refund') THEN 'refund'
    WHEN type IN ('stripe_fee', 'stripe_fx_fee', 'fee') THEN 'fee'
    WHEN type IN ('tax_fee', 'tax') THEN 'tax'
    WHEN type = 'reserved_funds' THEN 'risk_reserved_funds'
    WHEN type IN ('payout_failure', 'payout_cancel') THEN 'payout_reversal'
    WHEN type = 'payment_failure_refund' THEN 'charge_failure'
    WHEN type = 'application_fee' THEN 'platform_earning'
    WHEN type = 'application_fee_refund' THEN 'platform_earning_refund'
    WHEN type <> 'adjustment' THEN type
    WHEN flow = 'dispute' AND amount_minor > 0 THEN 'dispute_reversal'
    WHEN flow = 'dispute' THEN 'dispute'
    WHEN flow = 'refund' THEN 'refund_failure'
    ELSE 'other_adjustment' END;

-- Periods of loaded summaries. Grain: report, currency, first_day, last_day, time_zone.
CREATE OR REPLACE VIEW summary_period AS
SELECT report, currency, first_day, last_day, time_zone,
    string_agg(DISTINCT b.file, ', ' ORDER BY b.file) AS file,
    timezone('UTC', timezone(time_zone, first_day::TIMESTAMP)) AS from_at,
    timezone('UTC', timezone(time_zone, (last_day + 1)::TIMESTAMP)) AS to_at
FROM current_stripe_summary AS s
JOIN batch AS b USING (batch_id)
GROUP BY report, currency, first_day, last_day, time_zone;

-- Our own sums of these periods. Payouts move money out and are no activity; transfers
-- were payouts before 2017. Grain: period, source (ledger, payments), category.
CREATE OR REPLACE VIEW summary_ours AS
SELECT p.report, p.currency, p.first_day, p.last_day, p.time_zone,
    'ledger' AS source,
    reporting_category(l.type, l.flow, l.amount_minor) AS category,
    count(*) AS row_count, sum(l.amount_minor)::BIGINT AS gross_minor,
    sum(l.fee_minor)::BIGINT AS fee_minor, sum(l.net_minor)::BIGINT AS net_minor
FROM summary_period AS p
JOIN current_stripe_ledger AS l ON l.currency = p.currency
    AND l.created_at >= p.from_at AND l.created_at < p.to_at
WHERE l.type NOT IN ('payout', 'payout_failure', 'payout_cancel', 'payout_reversal')
    AND NOT (starts_with(l.type, 'transfer') AND l.flow = 'excluded')
GROUP BY ALL
UNION ALL
SELECT p.report, p.currency, p.first_day, p.last_day, p.time_zone, 'payments', '',
    count(*), sum(m.gross_minor + m.refunds_minor + m.disputes_minor)::BIGINT,
    sum(-m.fees_minor)::BIGINT,
    sum(m.gross_minor + m.refunds_minor + m.disputes_minor + m.fees_minor)::BIGINT
FROM summary_period AS p
JOIN payment_movement AS m ON m.currency = p.currency
    AND m.moved_at >= p.from_at AND m.moved_at < p.to_at
GROUP BY ALL;

-- Each line of a summary that we have a sum for, and categories that only we have.
-- basis is where ours is from: the ledger as soon as it has a row of the period. Of a
-- summary by category gross, fees and rows are compared as well; null where Stripe says
-- nothing of them, or ours are from payments.
-- Grain: report, currency, first_day, last_day, time_zone, name.
CREATE OR REPLACE VIEW summary_check AS
WITH based AS (
    SELECT p.*, coalesce(min(o.source), 'none') AS basis
    FROM summary_period AS p
    LEFT JOIN summary_ours AS o
        USING (report, currency, first_day, last_day, time_zone)
    GROUP BY ALL
),
activity AS (
    SELECT o.report, o.currency, o.first_day, o.last_day, o.time_zone,
        sum(o.gross_minor)::BIGINT AS gross_minor, sum(o.fee_minor)::BIGINT AS fee_minor,
        sum(o.net_minor)::BIGINT AS net_minor
    FROM summary_ours AS o
    JOIN based AS b USING (report, currency, first_day, last_day, time_zone)
    WHERE o.report = 'balance' AND o.source = b.basis
    GROUP BY ALL
),
ours AS (
    SELECT report, currency, first_day, last_day, time_zone, name,
        CASE name WHEN 'activity_gross' THEN gross_minor
            WHEN 'activity_fee' THEN -fee_minor ELSE net_minor END AS minor,
        NULL::BIGINT AS row_count, NULL::BIGINT AS gross_minor, NULL::BIGINT AS fee_minor
    FROM activity
    CROSS JOIN (VALUES ('activity_gross'), ('activity_fee'), ('activity')) AS n (name)
    UNION ALL
    SELECT o.report, o.currency, o.first_day, o.last_day, o.time_zone, n.name,
        sum(o.net_minor)::BIGINT, sum(o.row_count)::BIGINT,
        sum(o.gross_minor)::BIGINT, sum(o.fee_minor)::BIGINT
    FROM summary_ours AS o
    JOIN based AS b USING (report, currency, first_day, last_day, time_zone)
    JOIN (VALUES (true), (false)) AS total (is_total) ON true
    JOIN LATERAL (SELECT CASE WHEN is_total THEN 'total' ELSE o.category END AS name)
        AS n ON n.name <> ''
    WHERE o.report = 'category' AND o.source = b.basis
    GROUP BY ALL
),
told AS (
    SELECT report, currency, first_day, last_day, time_zone, name, net_minor,
        row_count, gross_minor, fee_minor, true AS is_told
    FROM current_stripe_summary
    JOIN based AS b USING (report, currency, first_day, last_day, time_zone)
    WHERE (report = 'balance'
            AND name IN ('activity_gross', 'activity_fee', 'activity'))
        OR (report = 'category' AND (b.basis <> 'payments' OR name = 'total'))
),
lines AS (
    SELECT report, currency, first_day, last_day, time_zone, name,
        told.net_minor AS told_minor, ours.minor AS found_minor,
        coalesce(ours.row_count, 0) - CASE WHEN is_told THEN told.row_count ELSE 0 END
            AS row_difference,
        coalesce(ours.gross_minor, 0)
            - CASE WHEN is_told THEN told.gross_minor ELSE 0 END AS gross_difference,
        coalesce(ours.fee_minor, 0)
            - CASE WHEN is_told THEN told.fee_minor ELSE 0 END AS fee_difference
    FROM told
    FULL JOIN ours USING (report, currency, first_day, last_day, time_zone, name)
    WHERE is_told OR (report = 'category' AND name <> 'total')
)
SELECT b.file, l.report, l.currency, l.first_day, l.last_day, l.time_zone, l.name,
    b.basis, coalesce(l.told_minor, 0) AS said_minor,
    CASE WHEN b.basis <> 'none' THEN coalesce(l.found_minor, 0) END AS ours_minor,
    ours_minor - said_minor AS difference_minor,
    b.basis = 'ledger' AND l.report = 'category' AS has_all,
    CASE WHEN has_all THEN l.gross_difference END AS gross_difference_minor,
    CASE WHEN has_all THEN l.fee_difference END AS fee_difference_minor,
    CASE WHEN has_all THEN l.row_difference END AS row_difference
FROM lines AS l
JOIN based AS b USING (report, currency, first_day, last_day, time_zone);

-- Payments that both kinds of files have: what each says of it over its life.
-- untold_minor are disputes in the ledger of which the Payments export says nothing,
-- for lack of columns; they are no difference. is_common: all that either knows of it
-- lies in the time that both know. A refund without a date lies there when the ledger
-- has it, too. Grain: payment id.
CREATE OR REPLACE VIEW payment_check AS
WITH ledger AS (
    SELECT payment_id AS id, currency, sum(net_minor)::BIGINT AS ledger_net_minor,
        coalesce(sum(amount_minor) FILTER (flow = 'dispute'), 0)::BIGINT
            AS disputes_minor,
        max(created_at) AS last_at, bool_or(flow = 'refund') AS has_refund
    FROM ledger_movement
    WHERE payment_id IS NOT NULL AND flow IN ('payment', 'refund', 'dispute')
    GROUP BY payment_id, currency
    HAVING bool_or(flow = 'payment')
),
said AS (
    SELECT payment_id AS id, currency, sum(gross_minor + refunds_minor
        + disputes_minor + fees_minor)::BIGINT AS payments_net_minor
    FROM payment_movement
    GROUP BY payment_id, currency
)
SELECT p.id, p.currency, p.created_at, s.payments_net_minor, l.ledger_net_minor,
    CASE WHEN p.disputed_minor IS NULL THEN l.disputes_minor ELSE 0 END
        AS untold_minor,
    s.payments_net_minor + untold_minor - l.ledger_net_minor AS difference_minor,
    l.last_at < p.snapshot_at + INTERVAL 1 MINUTE
        AND (p.refunded_minor = 0 OR l.has_refund
            OR coalesce(p.refunded_at < c.to_at, false))
        AND coalesce(p.disputed_at < c.to_at, true)
        AS is_common
FROM current_stripe_payments AS p
JOIN said AS s USING (id, currency)
JOIN ledger AS l USING (id, currency)
LEFT JOIN ledger_cover AS c ON NOT c.is_told AND c.currency = p.currency
    AND p.created_at >= c.from_at AND p.created_at < c.to_at;

-- Months by the files that have rows of them. Grain: batch_id, currency, month.
CREATE OR REPLACE VIEW stripe_file_month AS
WITH rows AS (
    SELECT batch_id, currency, created_at, net_minor
    FROM stripe_ledger_row
    UNION ALL
    SELECT batch_id, currency, created_at,
        CASE WHEN outcome = 'paid' THEN amount_minor - refunded_minor - fee_minor END
    FROM stripe_payments_row
)
SELECT b.batch_id, b.kind, b.file, b.loaded_at, r.currency,
    reporting_month(r.created_at) AS month, count(*) AS row_count,
    coalesce(sum(r.net_minor), 0)::BIGINT AS net_minor,
    min(r.created_at) AS first_at, max(r.created_at) AS last_at
FROM rows AS r
JOIN batch AS b ON b.batch_id = r.batch_id AND b.withdrawn_at IS NULL
GROUP BY ALL;
