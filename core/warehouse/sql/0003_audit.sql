-- Who changed what; written with the change itself, and only ever added to. Changes of
-- an older warehouse are taken from what it kept of them.
CREATE TABLE deed (
    deed_id BIGINT PRIMARY KEY,
    done_at TIMESTAMP NOT NULL,
    done_by VARCHAR NOT NULL,
    action VARCHAR NOT NULL,
    detail VARCHAR NOT NULL
);
INSERT INTO deed
SELECT row_number() OVER (ORDER BY done_at, detail, action), *
FROM (
    SELECT loaded_at AS done_at, loaded_by AS done_by, 'load' AS action, file AS detail
    FROM batch
    UNION ALL
    SELECT withdrawn_at, withdrawn_by, 'undo of a load', file
    FROM batch WHERE withdrawn_at IS NOT NULL
    UNION ALL
    SELECT decided_at, decided_by, 'decision',
        subuser || ' is ' || coalesce(email_key, 'no customer')
    FROM decision
)
ORDER BY 1;
