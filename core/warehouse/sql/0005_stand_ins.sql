-- What stand-ins for identities are made with. It never leaves the warehouse.
CREATE TABLE private_key (key BLOB NOT NULL);

-- Number that stands for an email in files to publish. Given once, kept for good.
CREATE TABLE stand_in_number (email_key VARCHAR PRIMARY KEY, number BIGINT NOT NULL);

-- These three take a period now, and so are macros.
DROP VIEW IF EXISTS file_subuser_matches;
DROP VIEW IF EXISTS file_users_by_bandwidth;
DROP VIEW IF EXISTS file_bandwidth_distribution;
