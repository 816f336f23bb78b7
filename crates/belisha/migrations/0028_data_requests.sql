-- Somebody's asking to see what the school holds.
create table data_request (
    id text primary key,
    kind text not null constraint data_request_kind check (kind in
        ('subject-access', 'educational-record', 'freedom-of-information')),
    -- Whom it is about, where they are on the register.
    person text references person (id),
    received_on text not null,
    recorded_at bigint not null,
    recorded_by text not null,
    revision bigint not null,
    -- As it stood after the last step; none while the clock has not begun or stands still.
    due_on text,
    ended_on text,
    sealed_asker @BLOB@ not null,
    sealed_about @BLOB@ not null,
    sealed_words @BLOB@ not null
);
create index data_request_open on data_request (ended_on, due_on);
create index data_request_person on data_request (person);

-- What was done about it, one row a step, never changed.
create table data_request_step (
    id text primary key,
    request text not null references data_request (id),
    number bigint not null,
    step text not null,
    taken_on text not null,
    made_at bigint not null,
    made_by text not null,
    sealed_words @BLOB@ not null,
    constraint data_request_step_number unique (request, number)
);
