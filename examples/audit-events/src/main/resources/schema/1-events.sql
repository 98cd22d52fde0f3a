CREATE TABLE tenants (
    name text PRIMARY KEY
);
CREATE TABLE events (
    sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id text NOT NULL UNIQUE,
    tenant text NOT NULL REFERENCES tenants,
    actor text NOT NULL CHECK (actor <> ''),
    action text NOT NULL CHECK (length(action) BETWEEN 1 AND 64),
    target text NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX events_by_time ON events (tenant, at DESC, sequence DESC);
