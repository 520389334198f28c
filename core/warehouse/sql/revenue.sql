-- Money is in minor units of the settlement currency. Every line is signed by what it
-- does to the balance, so that gross + refunds + disputes + fees = net volume.

-- Who paid. Grain: payment id. An id that is seen with one email only stands for it.
CREATE OR REPLACE VIEW payer_email AS
SELECT customer_id, any_value(customer_email) AS email
FROM (
    SELECT customer_id, customer_email FROM current_stripe_payments
    UNION ALL
    SELECT customer_id, customer_email FROM current_stripe_ledger
)
WHERE customer_id IS NOT NULL AND customer_email IS NOT NULL
GROUP BY customer_id
HAVING count(DISTINCT customer_email) = 1;

CREATE OR REPLACE VIEW payment_payer AS
SELECT p.id, coalesce(p.customer_email, e.email, p.customer_id) AS payer
FROM current_stripe_payments AS p
LEFT JOIN payer_email AS e USING (customer_id);

-- Ledger rows by month. Grain: balance transaction. payment_id is the payment that a
-- row is about: its source, or for a dispute the charge that its text names.
CREATE OR REPLACE VIEW ledger_movement AS
SELECT l.id, reporting_month(l.created_at) AS month, l.created_at, l.currency, l.type,
    l.flow, l.amount_minor, l.fee_minor, l.net_minor, l.customer_email, l.customer_id,
    CASE WHEN starts_with(l.source, 'ch_') OR starts_with(l.source, 'py_') THEN l.source
        WHEN contains(l.description, 'ch_') OR contains(l.description, 'py_')
        THEN nullif(regexp_extract(l.description,
            '\b((?:ch|py)_[A-Za-z0-9]+)', 1), '') END AS payment_id
FROM current_stripe_ledger AS l;

-- Whether the money of a dispute is gone. A warning takes none, a won one gives it back.
-- Source: Stripe documentation, statuses of a dispute.
CREATE OR REPLACE MACRO takes_money(status) AS
    coalesce(status, '') IN ('lost', 'needs_response', 'under_review');

-- Payments by what happened to them, and when. Grain: payment id, line.
-- The file dates refund and dispute fees on the payment itself: an estimate.
CREATE OR REPLACE VIEW payment_movement AS
SELECT *, reporting_month(moved_at) AS month
FROM (
    SELECT id AS payment_id, created_at AS moved_at, currency,
        amount_minor AS gross_minor, 0 AS refunds_minor, 0 AS disputes_minor,
        -fee_minor AS fees_minor
    FROM current_stripe_payments
    WHERE outcome = 'paid'
    UNION ALL
    SELECT id, coalesce(refunded_at, created_at), currency, 0, -refunded_minor, 0, 0
    FROM current_stripe_payments
    WHERE outcome = 'paid' AND refunded_minor <> 0
    UNION ALL
    SELECT id, coalesce(disputed_at, created_at), currency, 0, 0, -disputed_minor, 0
    FROM current_stripe_payments
    WHERE outcome = 'paid' AND disputed_minor <> 0
        AND takes_money(dispute_status)
);

-- Time without a gap that live ledger files hold whole together, twice: as far as they
-- tell their period themselves, and with the months taken as whole.
-- Grain: is_told, currency, from_at (UTC, end exclusive).
CREATE OR REPLACE VIEW ledger_cover AS
WITH pieces AS (
    SELECT s.currency, s.from_at, s.to_at, told.told AS is_told
    FROM ledger_span AS s
    JOIN batch AS b ON b.batch_id = s.batch_id AND b.withdrawn_at IS NULL
    JOIN (VALUES (true), (false)) AS told (told) ON s.is_told OR NOT told.told
),
joined AS (
    SELECT *, max(to_at) OVER (
            PARTITION BY is_told, currency ORDER BY from_at, to_at
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reached_at
    FROM pieces
),
numbered AS (
    SELECT *, count(*) FILTER (reached_at IS NULL OR from_at > reached_at) OVER (
            PARTITION BY is_told, currency ORDER BY from_at, to_at
            ROWS UNBOUNDED PRECEDING) AS place
    FROM joined
)
SELECT is_told, currency, min(from_at) AS from_at, max(to_at) AS to_at
FROM numbered
GROUP BY is_told, currency, place;

-- Where a month's money is read from. Grain: month, currency. The ledger wins a month
-- of which it holds every day: as it tells itself, or as far as it knows every paid
-- payment of the month. Else the payments, unless they lack some that the ledger has.
-- Table revenue_basis holds it; the counts of payments missing tell why.
CREATE OR REPLACE VIEW revenue_basis_now AS
WITH ledger AS MATERIALIZED (
    SELECT month, currency, flow, coalesce(payment_id, id) AS payment_id
    FROM ledger_movement
    WHERE flow IN ('payment', 'refund', 'dispute', 'stripe_fee')
),
paid AS MATERIALIZED (
    SELECT payment_id, month, currency, gross_minor FROM payment_movement
),
months AS (
    SELECT month, currency FROM ledger GROUP BY ALL
    UNION
    SELECT month, currency FROM paid GROUP BY ALL
),
only_payments AS (
    SELECT p.month, p.currency, count(*) AS missing
    FROM paid AS p
    ANTI JOIN ledger AS l USING (payment_id)
    WHERE p.gross_minor <> 0
    GROUP BY ALL
),
only_ledger AS (
    SELECT l.month, l.currency, count(*) FILTER (l.flow = 'payment') AS missing
    FROM ledger AS l
    ANTI JOIN (SELECT id FROM current_stripe_payments WHERE outcome = 'paid') AS p
        ON p.id = l.payment_id
    WHERE l.flow <> 'stripe_fee'
    GROUP BY ALL
),
covered AS (
    SELECT m.month, m.currency, bool_or(c.is_told) AS is_told
    FROM months AS m
    JOIN ledger_cover AS c ON c.currency = m.currency
        AND c.from_at <= month_begin(m.month)
        AND c.to_at >= month_begin((m.month + INTERVAL 1 MONTH)::DATE)
    GROUP BY ALL
)
SELECT m.month, m.currency,
    c.is_told IS NOT NULL AS in_ledger,
    coalesce(p.missing, 0) AS missing_in_ledger,
    coalesce(l.missing, 0) AS missing_in_payments,
    CASE
        WHEN c.is_told OR (c.is_told IS NOT NULL AND missing_in_ledger = 0)
        THEN 'ledger'
        WHEN l.missing IS NULL THEN 'payments'
        ELSE 'ledger, incomplete'
    END AS basis
FROM months AS m
LEFT JOIN covered AS c USING (month, currency)
LEFT JOIN only_payments AS p USING (month, currency)
LEFT JOIN only_ledger AS l USING (month, currency);

-- Every movement that counts, once, by who paid: an email, a Stripe customer id, or
-- null for a guest. Grain: month, currency, payer. Table revenue_line holds it.
CREATE OR REPLACE VIEW revenue_line_now AS
WITH told AS (
    SELECT l.month, l.currency, l.customer_email, l.customer_id, p.payer, l.flow,
        sum(l.amount_minor)::BIGINT AS amount_minor, sum(l.fee_minor)::BIGINT AS fee_minor,
        bool_or(l.amount_minor <> 0 OR l.fee_minor <> 0) AS is_moved
    FROM ledger_movement AS l
    JOIN revenue_basis AS b ON b.month = l.month AND b.currency = l.currency
        AND b.basis <> 'payments'
    LEFT JOIN payment_payer AS p ON p.id = l.payment_id
    WHERE l.flow IN ('payment', 'refund', 'dispute', 'stripe_fee')
    GROUP BY ALL
),
ledger AS (
    SELECT t.month, t.currency,
        coalesce(t.customer_email, e.email, t.payer, t.customer_id) AS payer,
        CASE WHEN t.flow = 'payment' THEN t.amount_minor ELSE 0 END AS gross_minor,
        CASE WHEN t.flow = 'refund' THEN t.amount_minor ELSE 0 END AS refunds_minor,
        CASE WHEN t.flow = 'dispute' THEN t.amount_minor ELSE 0 END AS disputes_minor,
        CASE WHEN t.flow <> 'stripe_fee' THEN -t.fee_minor ELSE 0 END AS fees_minor,
        CASE WHEN t.flow = 'stripe_fee' THEN t.amount_minor - t.fee_minor ELSE 0 END
            AS other_fees_minor,
        t.flow <> 'stripe_fee' AND t.is_moved AS has_sales
    FROM told AS t
    LEFT JOIN payer_email AS e USING (customer_id)
),
-- A dispute that was won moves nothing, unless the ledger has half of it.
estimated AS MATERIALIZED (
    SELECT m.*
    FROM (
        SELECT payment_id, month, currency, gross_minor, refunds_minor, disputes_minor,
            fees_minor, refunds_minor <> 0 AS is_refund, disputes_minor <> 0 AS is_dispute
        FROM payment_movement
        UNION ALL
        SELECT id, reporting_month(coalesce(disputed_at, created_at)), currency,
            0, 0, 0, 0, false, true
        FROM current_stripe_payments
        WHERE outcome = 'paid' AND disputed_minor <> 0 AND dispute_status = 'won'
    ) AS m
    JOIN revenue_basis AS b ON b.month = m.month AND b.currency = m.currency
        AND b.basis = 'payments'
),
-- What other months have of these payments from the ledger, as far as the export knows
-- of it: the same money is never added. Grain: payment id.
counted AS (
    SELECT l.payment_id, bool_or(l.flow = 'payment') AS has_payment,
        bool_or(l.currency <> p.currency) AS is_converted,
        coalesce(sum(l.amount_minor) FILTER (l.flow = 'refund'), 0)::BIGINT
            AS refunds_minor,
        coalesce(sum(l.amount_minor) FILTER (l.flow = 'dispute'), 0)::BIGINT
            AS disputes_minor,
        coalesce(sum(l.fee_minor) FILTER (l.flow <> 'payment'), 0)::BIGINT AS fee_minor
    FROM ledger_movement AS l
    SEMI JOIN estimated AS m ON m.payment_id = l.payment_id
    JOIN revenue_basis AS b ON b.month = l.month AND b.currency = l.currency
        AND b.basis <> 'payments'
    JOIN current_stripe_payments AS p ON p.id = l.payment_id
    WHERE l.flow = 'payment'
        OR (l.flow IN ('refund', 'dispute')
            AND l.created_at < p.snapshot_at + INTERVAL 1 MINUTE)
        OR (l.flow = 'refund' AND p.refunded_at IS NULL AND p.refunded_minor > 0)
        OR (l.flow = 'dispute' AND p.dispute_status = 'won')
    GROUP BY l.payment_id
),
left_over AS (
    SELECT m.month, m.currency, m.payment_id,
        CASE WHEN c.has_payment THEN 0 ELSE m.gross_minor END AS gross_minor,
        CASE WHEN NOT m.is_refund OR c.is_converted THEN 0
            ELSE least(m.refunds_minor - coalesce(c.refunds_minor, 0), 0) END
            AS refunds_minor,
        CASE WHEN NOT m.is_dispute OR c.is_converted THEN 0
            ELSE least(m.disputes_minor - coalesce(c.disputes_minor, 0), 0) END
            AS disputes_minor,
        CASE WHEN c.has_payment THEN 0
            WHEN c.fee_minor > 0 AND NOT c.is_converted
            THEN least(m.fees_minor + c.fee_minor, 0)
            ELSE m.fees_minor END AS fees_minor
    FROM estimated AS m
    LEFT JOIN counted AS c USING (payment_id)
),
paid AS (
    SELECT m.month, m.currency, p.payer, m.gross_minor, m.refunds_minor,
        m.disputes_minor, m.fees_minor, 0 AS other_fees_minor,
        m.gross_minor <> 0 OR m.refunds_minor <> 0 OR m.disputes_minor <> 0
            OR m.fees_minor <> 0 AS has_sales
    FROM left_over AS m
    LEFT JOIN payment_payer AS p ON p.id = m.payment_id
)
SELECT month, currency, payer,
    sum(gross_minor)::BIGINT AS gross_minor,
    sum(refunds_minor)::BIGINT AS refunds_minor,
    sum(disputes_minor)::BIGINT AS disputes_minor,
    sum(fees_minor)::BIGINT AS fees_minor,
    sum(other_fees_minor)::BIGINT AS other_fees_minor,
    bool_or(has_sales) AS has_sales
FROM (FROM ledger UNION ALL FROM paid)
GROUP BY month, currency, payer;

-- Net volume from sales. Grain: month, currency.
CREATE OR REPLACE VIEW revenue_month AS
SELECT *, gross_minor + refunds_minor + disputes_minor + fees_minor AS net_minor,
    net_minor + other_fees_minor AS net_after_all_minor
FROM (
    SELECT month, currency, any_value(b.basis) AS basis,
        sum(gross_minor)::BIGINT AS gross_minor,
        sum(refunds_minor)::BIGINT AS refunds_minor,
        sum(disputes_minor)::BIGINT AS disputes_minor,
        sum(fees_minor)::BIGINT AS fees_minor,
        sum(other_fees_minor)::BIGINT AS other_fees_minor
    FROM revenue_line
    JOIN revenue_basis AS b USING (month, currency)
    GROUP BY month, currency
);

-- The same by payer. Grain: month, currency, payer; standalone fees have no payer.
CREATE OR REPLACE VIEW payer_month AS
SELECT month, currency, payer, gross_minor, refunds_minor, disputes_minor, fees_minor,
    gross_minor + refunds_minor + disputes_minor + fees_minor AS net_minor
FROM revenue_line
WHERE has_sales;

-- What is seen in Stripe's files and not counted. Grain: source, name, currency.
CREATE OR REPLACE VIEW revenue_uncounted AS
SELECT 'ledger' AS source, type AS name, flow AS reason, currency,
    count(*) AS row_count, sum(net_minor)::BIGINT AS amount_minor
FROM ledger_movement
WHERE flow IN ('excluded', 'unknown')
GROUP BY ALL
UNION ALL
SELECT 'payments', status, outcome, currency, count(*), sum(amount_minor)::BIGINT
FROM current_stripe_payments
WHERE outcome <> 'paid'
GROUP BY ALL
UNION ALL
SELECT 'payments', concat_ws(' ', 'dispute', dispute_status), 'unknown', currency,
    count(*), sum(-disputed_minor)::BIGINT
FROM current_stripe_payments
WHERE outcome = 'paid' AND disputed_minor <> 0 AND NOT takes_money(dispute_status)
    AND coalesce(dispute_status, '') NOT IN ('won', 'warning_closed',
        'warning_needs_response', 'warning_under_review')
GROUP BY ALL
UNION ALL
-- Payments dates the last of some refunds, or none. Where the ledger has that month, it
-- proves that what it lacks is of another one, which only Payments tells.
SELECT 'payments', 'refund', 'undated', currency, count(*), sum(-lacking_minor)::BIGINT
FROM (
    SELECT p.currency, p.refunded_minor + coalesce(l.amount_minor, 0) AS lacking_minor
    FROM current_stripe_payments AS p
    JOIN revenue_basis AS b
        ON b.month = reporting_month(coalesce(p.refunded_at, p.created_at))
        AND b.currency = p.currency AND b.basis <> 'payments'
    LEFT JOIN (
        SELECT payment_id, sum(amount_minor) AS amount_minor,
            any_value(currency) AS currency
        FROM ledger_movement
        WHERE flow = 'refund'
        GROUP BY payment_id
    ) AS l ON l.payment_id = p.id
    WHERE p.outcome = 'paid' AND p.refunded_minor > 0
        AND coalesce(l.currency, p.currency) = p.currency
        AND (p.refunded_at IS NULL OR EXISTS (
            FROM revenue_basis AS e
            WHERE e.currency = p.currency AND e.basis = 'payments'
                AND e.month BETWEEN reporting_month(p.created_at) AND b.month))
)
WHERE lacking_minor > 0
GROUP BY ALL;

-- Attempts to pay that are no revenue: pending, failed, incomplete, unknown ones. A
-- failed one is in the currency of the charge. Grain: month, currency, outcome.
CREATE OR REPLACE VIEW revenue_beside AS
SELECT reporting_month(created_at) AS month, currency, outcome,
    count(*) AS row_count, sum(amount_minor)::BIGINT AS amount_minor
FROM current_stripe_payments
WHERE outcome <> 'paid'
GROUP BY ALL;

-- Minor units to major units, exactly. Source of the exponents: core.units.
CREATE OR REPLACE MACRO major_units(amount_minor, currency) AS
    plain(amount_minor::DECIMAL(34, 0) * (CASE currency_exponent(currency)
        WHEN 0 THEN 1.000 WHEN 2 THEN 0.010 ELSE 0.001 END)::DECIMAL(4, 3));

CREATE OR REPLACE VIEW file_monthly_net_volume AS
SELECT strftime(month, '%Y-%m') AS "Date", upper(currency) AS "Currency",
    major_units(gross_minor, currency) AS "Gross Volume",
    major_units(refunds_minor, currency) AS "Refunds",
    major_units(disputes_minor, currency) AS "Disputes",
    major_units(fees_minor, currency) AS "Fees",
    major_units(net_minor, currency) AS "Net Volume",
    major_units(other_fees_minor, currency) AS "Other Stripe Fees",
    major_units(net_after_all_minor, currency) AS "Net After All Fees",
    basis AS "Basis"
FROM revenue_month
ORDER BY month, currency;
