-- Why a subuser is no customer's: test, internal or unknown; empty for a customer.
ALTER TABLE decision ADD COLUMN reason VARCHAR DEFAULT '';

-- Whose a subuser is, said by a person who saw no score: the measure of matching.
-- email_key is null where none of those shown is its customer. A withdrawn answer, and
-- one that leaves it open, counts no more.
CREATE TABLE label (
    label_id BIGINT PRIMARY KEY,
    subuser VARCHAR NOT NULL,
    email_key VARCHAR,
    is_open BOOLEAN NOT NULL,
    labelled_at TIMESTAMP NOT NULL,
    labelled_by VARCHAR NOT NULL,
    withdrawn_at TIMESTAMP
);

-- Under which names a collection holds the fields of a customer, as staff chose for
-- collections with these fields.
CREATE TABLE customer_fields (
    collection_fields VARCHAR PRIMARY KEY,
    email VARCHAR NOT NULL,
    oxy_id VARCHAR NOT NULL,
    oxy_username VARCHAR NOT NULL,
    brief_oxy_id VARCHAR NOT NULL,
    brief_oxy_username VARCHAR NOT NULL,
    saved_at TIMESTAMP NOT NULL,
    saved_by VARCHAR NOT NULL
);
