-- One row for each balance transaction out of all that live files say of it.
-- The surest telling stands first: one of a known type, then one by category, which
-- says what an adjustment was. The rest of standing only makes the order total.
SELECT
    arg_max(batch_id, standing) AS batch_id, arg_max(line, standing) AS line, id,
    arg_max(type, standing) AS type, arg_max(flow, standing) AS flow,
    arg_max(source, row(starts_with(source, 'ch_') OR starts_with(source, 'py_'),
        standing)) AS source,
    arg_max(amount_minor, standing) AS amount_minor,
    arg_max(fee_minor, standing) AS fee_minor,
    arg_max(net_minor, standing) AS net_minor,
    arg_max(currency, standing) AS currency,
    -- All activity has whole minutes, always UTC; the zone of a report may be a guess.
    arg_max(created_at, row(second(created_at) = 0, standing)) AS created_at,
    arg_max(description, standing) AS description,
    arg_max(customer_email, standing) AS customer_email,
    arg_max(customer_id, standing) AS customer_id
FROM (
    SELECT *, row(flow <> 'unknown', type <> 'adjustment', customer_id IS NOT NULL,
        customer_email IS NOT NULL, type, flow, net_minor, amount_minor, currency,
        created_at, coalesce(description, ''), coalesce(customer_email, ''),
        coalesce(customer_id, ''), batch_id) AS standing
    FROM versions
)
GROUP BY id
