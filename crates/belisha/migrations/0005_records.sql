-- The data key of a record, wrapped by the school's key (tier 2), or for persons
-- only (tier 3: then `wrapped` is null and the readers hold it).
create table record_key (
    record text primary key,
    tier bigint not null constraint record_key_tier check (tier in (2, 3)),
    wrapped @BLOB@,
    wrapped_for_recovery @BLOB@,
    made_at bigint not null,
    destroyed_at bigint
);

create table record_key_reader (
    record text not null references record_key (record),
    person text not null references person (id),
    wrapped @BLOB@ not null,
    given_at bigint not null,
    given_by text not null,
    primary key (record, person)
);
