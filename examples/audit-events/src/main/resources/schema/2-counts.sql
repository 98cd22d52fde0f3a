CREATE TABLE counts (
    tenant text NOT NULL,
    action text NOT NULL,
    hour timestamptz NOT NULL,
    events bigint NOT NULL,
    PRIMARY KEY (tenant, action, hour)
);
CREATE TABLE counted (
    up_to bigint NOT NULL
);
