-- Emergency sight of a case: who asked, why, until when, and how another person judged it.
-- The words are sealed under a key of their own, so that those who judge need not read the case.
create table incident_sight (
    id text primary key,
    incident text not null references incident (id),
    person text not null,
    category text not null,
    sealed_reason @BLOB@ not null,
    asked_at bigint not null,
    until_at bigint not null,
    review_due_on text not null,
    reviewed_at bigint,
    reviewed_by text,
    finding text constraint incident_sight_finding check (finding in ('right', 'not-right')),
    sealed_judgement @BLOB@,
    reminded_on text
);
create index incident_sight_person on incident_sight (person, asked_at);
create index incident_sight_incident on incident_sight (incident);

-- Those who were alerted to it, and may judge it.
create table incident_sight_alert (
    sight text not null references incident_sight (id),
    person text not null,
    primary key (sight, person)
);

-- A case whose readers have all left, and who took it up with the recovery kit.
create table incident_left (
    incident text primary key references incident (id),
    found_at bigint not null,
    taken_up_at bigint,
    taken_up_by text
);

-- When a reader of a sealed record is removed, the record gets a new key. The one before
-- it is kept sealed under the new one, for those who still read what it sealed.
create table record_key_earlier (
    record text not null references record_key (record),
    generation bigint not null,
    sealed @BLOB@ not null,
    replaced_at bigint not null,
    primary key (record, generation)
);
