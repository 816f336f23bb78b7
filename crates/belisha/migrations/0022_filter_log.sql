-- How far each file of the resolver's log has been taken in. A file that was taken whole is removed.
create table filter_log_file (
    name text primary key,
    taken bigint not null
);

-- The log of the filter, compressed and sealed, a piece at a time. It goes when its time is over.
create table filter_log_segment (
    id text primary key,
    from_at bigint not null,
    until_at bigint not null,
    lines bigint not null,
    taken_at bigint not null,
    sealed @BLOB@ not null
);
create index filter_log_segment_until on filter_log_segment (until_at);

-- Numbers without devices and names of sites: they stay when the log has gone.
create table filter_tally (
    on_day text not null,
    for_group text not null,
    outcome text not null,
    category text not null,
    times bigint not null,
    primary key (on_day, for_group, outcome, category)
);

-- Something unusual in the log, for a person to look at. Which device and which name is sealed.
create table filter_alert (
    id text primary key,
    kind text not null,
    -- One alert a day for one device and one reason.
    mark text not null constraint filter_alert_mark unique,
    technical boolean not null,
    at_once boolean not null,
    made_at bigint not null,
    first_at bigint not null,
    for_group text not null,
    category text not null,
    sealed @BLOB@ not null,
    told_at bigint,
    handled_at bigint,
    handled_by text,
    outcome text
);
create index filter_alert_open on filter_alert (handled_at, made_at);

-- Who looked something up in the log, and why.
create table filter_search (
    id text primary key,
    made_at bigint not null,
    made_by text not null,
    found bigint not null,
    sealed @BLOB@ not null
);

-- What the filter answered when it was tested for a group.
create table filter_test (
    id text primary key,
    tested_at bigint not null,
    for_group text not null,
    asked bigint not null,
    failed bigint not null,
    -- Words of ours: which probes failed.
    says text not null
);
create index filter_test_at on filter_test (tested_at);
