-- Names of subusers and providers, each once: rows of usage hold their numbers. Names
-- stay when their loads are withdrawn.
CREATE TABLE subuser_name (subuser_key INTEGER NOT NULL, subuser VARCHAR NOT NULL);
CREATE TABLE provider_name (provider_key SMALLINT NOT NULL, provider VARCHAR NOT NULL);

-- Every row of every usage batch. is_current marks, for each provider, subuser, period
-- and granularity, the row of the newest live batch; each load and undo keeps it so.
CREATE TABLE usage_line (
    batch_id BIGINT NOT NULL,
    line BIGINT NOT NULL,
    provider_key SMALLINT NOT NULL,
    subuser_key INTEGER NOT NULL,
    period_start DATE NOT NULL,
    is_day BOOLEAN NOT NULL,
    usage_gb DECIMAL(38, 18) NOT NULL,
    is_destroyed BOOLEAN NOT NULL,
    is_current BOOLEAN NOT NULL
);

INSERT INTO subuser_name
SELECT row_number() OVER (ORDER BY subuser), subuser
FROM (SELECT DISTINCT subuser FROM usage_row);
INSERT INTO provider_name
SELECT row_number() OVER (ORDER BY provider), provider
FROM (SELECT DISTINCT provider FROM usage_row);
INSERT INTO usage_line
SELECT r.batch_id, r.line, p.provider_key, s.subuser_key, r.period_start,
    r.granularity = 'day', r.usage_gb, r.is_destroyed, c.batch_id IS NOT NULL
FROM usage_row AS r
JOIN provider_name AS p USING (provider)
JOIN subuser_name AS s USING (subuser)
LEFT JOIN current_usage AS c
    USING (batch_id, provider, subuser, period_start, granularity);
DROP TABLE usage_row;
DROP TABLE current_usage;
