-- Who sent a report ('account', 'pupil', 'parent', …), how they know, and the name and
-- contact of whoever has no account, sealed with the rest.
alter table report add column audience text not null default 'account';
alter table report add column how_known text not null default '';
alter table report add column sealed_from @BLOB@;

-- What a case is about, and what is said of each person in it, by their own part. A
-- category that was wrong is taken away by a date, never deleted.
create table incident_category (
    id text primary key,
    incident text not null references incident (id),
    category text not null,
    -- None where it is said of the whole case.
    person text references person (id),
    added_at bigint not null,
    added_by text not null,
    removed_at bigint
);
create index incident_category_incident on incident_category (incident);
create index incident_category_category on incident_category (category, added_at);

-- The services and apps that a case names.
create table incident_service (
    incident text not null references incident (id),
    service text not null,
    primary key (incident, service)
);

-- The secret code of a report that came without an account: what finds it, and the
-- public half to which its answers are sealed. The code itself is kept nowhere.
create table report_answer_code (
    report text primary key references report (id),
    locator @BLOB@ not null constraint report_answer_code_once unique,
    public_key @BLOB@ not null,
    -- The key of the messages for whoever has the code, where the case is sealed.
    wrapped @BLOB@,
    made_at bigint not null,
    ends_at bigint not null,
    answer_by bigint not null
);

-- What the school writes to whoever reported without an account, and what they write back.
create table report_message (
    id text primary key,
    report text not null references report (id),
    from_school boolean not null,
    made_at bigint not null,
    -- None where it came with the code.
    made_by text,
    -- When whoever has the code saw it.
    read_at bigint,
    sealed @BLOB@ not null
);
create index report_message_report on report_message (report, made_at);

-- That something came from an address, for the flood limit: a fingerprint, tied to no
-- report, and forgotten within the hour.
create table report_arrival (
    id text primary key,
    address_hash @BLOB@ not null,
    kind text not null constraint report_arrival_kind check (kind in ('report', 'code')),
    at_ms bigint not null
);
create index report_arrival_address on report_arrival (address_hash, kind, at_ms);

-- An alert of the filter that waits for a person to check and send it as a report.
create table report_alert (
    id text primary key,
    person text not null references person (id),
    made_at bigint not null,
    sealed @BLOB@ not null,
    report text references report (id)
);
create index report_alert_person on report_alert (person);

-- A fault of the systems that a report named: what, where and when, and nothing of people.
create table report_technical (
    id text primary key,
    matter text not null,
    services text not null,
    happened_on text not null,
    happened_at bigint,
    made_at bigint not null,
    seen_at bigint,
    seen_by text
);
