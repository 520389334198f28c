-- What staff wrote about a customer. owner is the customer's key, or a payer's. The last
-- note on an owner counts; an empty one says that there is none.
CREATE TABLE customer_note (
    note_id BIGINT PRIMARY KEY,
    owner VARCHAR NOT NULL,
    note VARCHAR NOT NULL,
    saved_at TIMESTAMP NOT NULL,
    saved_by VARCHAR NOT NULL
);
