-- Counts committed changes; figures kept outside the warehouse are keyed on it.
CREATE TABLE state (version BIGINT NOT NULL);
INSERT INTO state VALUES (0);

CREATE TABLE setting (name VARCHAR PRIMARY KEY, value VARCHAR NOT NULL);

-- What staff chose for a header: the provider, and the columns where they are not
-- recognised (JSON).
CREATE TABLE layout (
    header_signature VARCHAR PRIMARY KEY,
    provider VARCHAR NOT NULL,
    mapping VARCHAR,
    header VARCHAR[] NOT NULL,
    file VARCHAR NOT NULL,
    saved_at TIMESTAMP NOT NULL,
    saved_by VARCHAR NOT NULL
);

-- One loaded file. Immutable, but for its withdrawal.
CREATE TABLE batch (
    batch_id BIGINT PRIMARY KEY,
    kind VARCHAR NOT NULL,
    file VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    original_sha256 VARCHAR NOT NULL,
    layout VARCHAR NOT NULL,
    provider VARCHAR NOT NULL,
    unit VARCHAR NOT NULL,
    unit_rule VARCHAR NOT NULL,
    warnings VARCHAR[] NOT NULL,
    rows_read BIGINT NOT NULL,
    rows_kept BIGINT NOT NULL,
    rows_refused BIGINT NOT NULL,
    rows_new BIGINT NOT NULL,
    rows_changed BIGINT NOT NULL,
    rows_same BIGINT NOT NULL,
    period_first DATE,
    period_last DATE,
    loaded_at TIMESTAMP NOT NULL,
    loaded_by VARCHAR NOT NULL,
    withdrawn_at TIMESTAMP,
    withdrawn_by VARCHAR
);

CREATE TABLE refused_row (
    batch_id BIGINT NOT NULL,
    line BIGINT NOT NULL,
    "column" VARCHAR NOT NULL,
    value VARCHAR NOT NULL,
    reason VARCHAR NOT NULL
);

-- X_row holds every row of every batch. current_X holds, for each key, the row of the
-- newest live batch; it is kept up to date by each load and undo.
CREATE TABLE usage_row (
    batch_id BIGINT NOT NULL,
    line BIGINT NOT NULL,
    provider VARCHAR NOT NULL,
    subuser VARCHAR NOT NULL,
    period_start DATE NOT NULL,
    granularity VARCHAR NOT NULL,
    usage_gb DECIMAL(38, 18) NOT NULL,
    is_destroyed BOOLEAN NOT NULL
);
CREATE TABLE current_usage AS SELECT * FROM usage_row;

CREATE TABLE customers_row (
    batch_id BIGINT NOT NULL,
    line BIGINT NOT NULL,
    position BIGINT NOT NULL,
    email_key VARCHAR NOT NULL,
    email VARCHAR NOT NULL,
    oxy_id VARCHAR,
    oxy_username VARCHAR,
    brief_oxy_id VARCHAR,
    brief_oxy_username VARCHAR
);
CREATE TABLE current_customers AS SELECT * FROM customers_row;

CREATE TABLE stripe_ledger_row (
    batch_id BIGINT NOT NULL,
    line BIGINT NOT NULL,
    id VARCHAR NOT NULL,
    type VARCHAR NOT NULL,
    flow VARCHAR NOT NULL,
    source VARCHAR,
    amount_minor BIGINT NOT NULL,
    fee_minor BIGINT NOT NULL,
    net_minor BIGINT NOT NULL,
    currency VARCHAR NOT NULL,
    created_at TIMESTAMP NOT NULL,
    description VARCHAR,
    customer_email VARCHAR,
    customer_id VARCHAR
);
CREATE TABLE current_stripe_ledger AS SELECT * FROM stripe_ledger_row;

-- snapshot_at is the newest thing that the row's file knows of: it tells which of two
-- exports is the later one.
CREATE TABLE stripe_payments_row (
    batch_id BIGINT NOT NULL,
    line BIGINT NOT NULL,
    snapshot_at TIMESTAMP NOT NULL,
    id VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    outcome VARCHAR NOT NULL,
    created_at TIMESTAMP NOT NULL,
    amount_minor BIGINT NOT NULL,
    refunded_minor BIGINT NOT NULL,
    fee_minor BIGINT NOT NULL,
    currency VARCHAR NOT NULL,
    refunded_at TIMESTAMP,
    disputed_minor BIGINT,
    disputed_at TIMESTAMP,
    dispute_status VARCHAR,
    customer_email VARCHAR,
    customer_id VARCHAR,
    description VARCHAR
);
CREATE TABLE current_stripe_payments AS SELECT * FROM stripe_payments_row;

CREATE TABLE stripe_summary_row (
    batch_id BIGINT NOT NULL,
    line BIGINT NOT NULL,
    report VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    currency VARCHAR NOT NULL,
    first_day DATE NOT NULL,
    last_day DATE NOT NULL,
    time_zone VARCHAR NOT NULL,
    row_count BIGINT,
    gross_minor BIGINT,
    fee_minor BIGINT,
    net_minor BIGINT NOT NULL
);
CREATE TABLE current_stripe_summary AS SELECT * FROM stripe_summary_row;

-- Time (UTC, end exclusive) of which a ledger file holds every row of a currency:
-- told by the file, or taken from its first and last month.
CREATE TABLE ledger_span (
    batch_id BIGINT NOT NULL,
    currency VARCHAR NOT NULL,
    from_at TIMESTAMP NOT NULL,
    to_at TIMESTAMP NOT NULL,
    is_told BOOLEAN NOT NULL
);

-- Where the money of a month is read from, and the money, by payer. Kept up to date by
-- each load, undo and change of the time zone.
CREATE TABLE revenue_basis (
    month DATE NOT NULL,
    currency VARCHAR NOT NULL,
    in_ledger BOOLEAN NOT NULL,
    missing_in_ledger BIGINT NOT NULL,
    missing_in_payments BIGINT NOT NULL,
    basis VARCHAR NOT NULL
);
CREATE TABLE revenue_line (
    month DATE NOT NULL,
    currency VARCHAR NOT NULL,
    payer VARCHAR,
    gross_minor BIGINT NOT NULL,
    refunds_minor BIGINT NOT NULL,
    disputes_minor BIGINT NOT NULL,
    fees_minor BIGINT NOT NULL,
    other_fees_minor BIGINT NOT NULL,
    has_sales BOOLEAN NOT NULL
);

-- What a GB costs at a provider from a month on, in major units of the currency, and
-- what one unit of a currency is worth in another in a month. A person enters both; a
-- withdrawn one counts no more.
CREATE TABLE cost (
    cost_id BIGINT PRIMARY KEY,
    provider VARCHAR NOT NULL,
    first_month DATE NOT NULL,
    price_per_gb DECIMAL(18, 6) NOT NULL,
    currency VARCHAR NOT NULL,
    saved_at TIMESTAMP NOT NULL,
    saved_by VARCHAR NOT NULL,
    withdrawn_at TIMESTAMP,
    withdrawn_by VARCHAR
);
CREATE TABLE rate (
    rate_id BIGINT PRIMARY KEY,
    month DATE NOT NULL,
    currency VARCHAR NOT NULL,
    target VARCHAR NOT NULL,
    rate DECIMAL(18, 9) NOT NULL,
    saved_at TIMESTAMP NOT NULL,
    saved_by VARCHAR NOT NULL,
    withdrawn_at TIMESTAMP,
    withdrawn_by VARCHAR
);

-- Current usage by calendar month. Kept up to date by each load and undo.
CREATE TABLE usage_month (
    provider VARCHAR NOT NULL,
    subuser VARCHAR NOT NULL,
    month DATE NOT NULL,
    usage_gb DECIMAL(38, 18) NOT NULL,
    is_destroyed BOOLEAN NOT NULL
);

-- What a person said about a subuser; a withdrawn decision counts no more.
CREATE TABLE decision (
    decision_id BIGINT PRIMARY KEY,
    subuser VARCHAR NOT NULL,
    email_key VARCHAR,
    note VARCHAR NOT NULL,
    decided_at TIMESTAMP NOT NULL,
    decided_by VARCHAR NOT NULL,
    withdrawn_at TIMESTAMP,
    withdrawn_by VARCHAR
);

-- Result of matching. match_state names its inputs: all of them, and those without the
-- subusers and decisions, under which a single row stays right. Can be made anew.
CREATE TABLE match (
    subuser VARCHAR PRIMARY KEY,
    status VARCHAR NOT NULL,
    email_key VARCHAR,
    email VARCHAR,
    subuser_type VARCHAR,
    subuser_id VARCHAR,
    rule VARCHAR NOT NULL,
    score DOUBLE,
    runner_up_email VARCHAR,
    runner_up_score DOUBLE,
    explanation VARCHAR NOT NULL
);
CREATE TABLE match_state (
    fingerprint VARCHAR NOT NULL,
    customers_fingerprint VARCHAR NOT NULL
);

-- What a load changed when it was made, by month and currency; as its plan said. month
-- is null for customers. Amounts are GB, or minor units of the currency.
CREATE TABLE batch_month (
    batch_id BIGINT NOT NULL,
    month DATE,
    currency VARCHAR NOT NULL,
    rows_new BIGINT NOT NULL,
    rows_changed BIGINT NOT NULL,
    rows_same BIGINT NOT NULL,
    amount_new DECIMAL(38, 18) NOT NULL,
    amount_changed_before DECIMAL(38, 18) NOT NULL,
    amount_changed_after DECIMAL(38, 18) NOT NULL,
    amount_same DECIMAL(38, 18) NOT NULL,
    rows_missing BIGINT NOT NULL,
    amount_missing DECIMAL(38, 18) NOT NULL
);
