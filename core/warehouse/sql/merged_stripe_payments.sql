-- One row for each payment out of all that live exports say of it: of two, the one where
-- it is no longer pending, then the later one, then the one in which more has happened to
-- the payment. What its columns leave out, an earlier export still tells.
SELECT batch_id, line, snapshot_at, id, status, outcome, created_at, amount_minor,
    refunded_minor, fee_minor, currency,
    CASE WHEN dated.minor = refunded_minor THEN dated.moment END AS refunded_at,
    dispute.minor AS disputed_minor, dispute.moment AS disputed_at,
    dispute.status AS dispute_status,
    customer_email, customer_id, description
FROM (
    SELECT
        arg_max(batch_id, standing) AS batch_id, arg_max(line, standing) AS line,
        max(snapshot_at) AS snapshot_at, id,
        arg_max(status, standing) AS status, arg_max(outcome, standing) AS outcome,
        arg_max(created_at, standing) AS created_at,
        arg_max(amount_minor, standing) AS amount_minor,
        arg_max(refunded_minor, standing) AS refunded_minor,
        arg_max(fee_minor, standing) AS fee_minor,
        arg_max(currency, standing) AS currency,
        arg_max(struct_pack(minor := refunded_minor, moment := refunded_at), standing)
            FILTER (refunded_at IS NOT NULL) AS dated,
        arg_max(struct_pack(minor := disputed_minor, moment := disputed_at,
                status := dispute_status), standing)
            FILTER (disputed_minor IS NOT NULL OR dispute_status IS NOT NULL)
            AS dispute,
        arg_max(customer_email, standing) AS customer_email,
        arg_max(customer_id, standing) AS customer_id,
        arg_max(description, standing) AS description
    FROM (
        SELECT *, row(
            outcome <> 'pending',
            snapshot_at,
            list_position(['unknown', 'incomplete', 'pending', 'failed', 'paid'],
                outcome),
            refunded_minor,
            dispute_status IS NOT NULL,
            coalesce(dispute_status, '') IN ('won', 'lost', 'warning_closed'),
            fee_minor, amount_minor, status, currency, created_at,
            coalesce(disputed_minor, 0), coalesce(customer_email, ''),
            coalesce(customer_id, ''), coalesce(description, ''), batch_id) AS standing
        FROM versions
    )
    GROUP BY id
)
