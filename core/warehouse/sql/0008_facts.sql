-- Current usage by calendar month, and by year. Kept up to date by each load and undo.
-- months has a bit for each month with a row, the lowest for January; used has one for
-- each month above 0 GB.
CREATE TABLE usage_fact (
    month DATE NOT NULL,
    provider_key SMALLINT NOT NULL,
    subuser_key INTEGER NOT NULL,
    usage_gb DECIMAL(38, 18) NOT NULL,
    is_destroyed BOOLEAN NOT NULL
);
INSERT INTO usage_fact
SELECT month, provider_key, subuser_key, usage_gb, is_destroyed
FROM usage_month
JOIN subuser_name USING (subuser)
JOIN provider_name USING (provider);
DROP TABLE usage_month;

CREATE TABLE usage_year (
    year SMALLINT NOT NULL,
    provider_key SMALLINT NOT NULL,
    subuser_key INTEGER NOT NULL,
    usage_gb DECIMAL(38, 18) NOT NULL,
    months SMALLINT NOT NULL,
    used SMALLINT NOT NULL,
    first_month DATE NOT NULL,
    last_month DATE NOT NULL,
    first_used DATE,
    last_used DATE,
    is_destroyed BOOLEAN NOT NULL
);
INSERT INTO usage_year
SELECT year(month), provider_key, subuser_key, sum(usage_gb)::DECIMAL(38, 18),
    bit_or((1 << (month(month) - 1))::SMALLINT),
    bit_or(CASE WHEN usage_gb > 0 THEN 1 << (month(month) - 1) ELSE 0 END::SMALLINT),
    min(month), max(month),
    min(month) FILTER (usage_gb > 0), max(month) FILTER (usage_gb > 0),
    bool_or(is_destroyed)
FROM usage_fact
GROUP BY ALL;

-- Whose a subuser is, and the owners in the order of their emails. Key 0 is nobody.
-- Kept up to date with the matches.
CREATE TABLE owner_name (
    owner_key INTEGER NOT NULL,
    owner VARCHAR NOT NULL,
    email VARCHAR NOT NULL
);
CREATE TABLE subuser_owner (
    subuser_key INTEGER NOT NULL,
    owner_key INTEGER NOT NULL,
    status VARCHAR NOT NULL,
    subuser_type VARCHAR NOT NULL
);

-- Usage by month of each status of matching, provider and type of subuser; a null
-- provider or type stands for all of them together. Kept up to date with the matches.
CREATE TABLE month_total (
    month DATE NOT NULL,
    provider_key SMALLINT,
    status VARCHAR NOT NULL,
    subuser_type VARCHAR,
    usage_gb DECIMAL(38, 18) NOT NULL,
    subusers BIGINT NOT NULL,
    customers BIGINT NOT NULL
);

-- Owners follow from matches: those are looked at again when the file is opened.
UPDATE match_state SET fingerprint = '';
