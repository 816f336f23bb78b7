-- A set of devices with the browser extension: the key by which they get their settings and report.
create table filter_enrolment (
    id text primary key,
    name text not null,
    for_group text not null,
    token_hash @BLOB@ not null constraint filter_enrolment_token unique,
    made_at bigint not null,
    made_by text not null,
    ended_at bigint,
    ended_by text
);

-- A device that was heard of: when first and last, and with which settings.
create table filter_extension_device (
    enrolment text not null references filter_enrolment (id),
    -- The name that its policy gives it, or the number that it drew itself.
    device text not null,
    version text not null,
    first_at bigint not null,
    last_at bigint not null,
    primary key (enrolment, device)
);
create index filter_extension_device_last on filter_extension_device (last_at);

-- What the extension of a group is given, signed, as it was made last.
create table filter_extension (
    for_group text primary key,
    -- Rises with each making, so that older settings are known for what they are.
    number bigint not null,
    -- What it was made from: nothing is made anew while this is the same.
    made_from text not null,
    addresses bigint not null,
    left_out bigint not null,
    signed text not null
);
