-- Something that somebody asked for and others decide: a change of the filter, a sensitive lesson.
create table approval (
    id text primary key,
    number bigint not null,
    kind text not null constraint approval_kind check (kind in ('filter-change', 'sensitive-lesson')),
    -- Where it stands after its last step.
    state text not null,
    asked_at bigint not null,
    asked_by text not null references person (id),
    -- What is asked for, in the form of its kind.
    asked_for text not null,
    reason text not null,
    -- Whether it opens something that is shut.
    opens boolean not null,
    starts_at bigint,
    ends_at bigint,
    applied_at bigint,
    applied_by text,
    reviewed_at bigint,
    constraint approval_number unique (number)
);
create index approval_state on approval (state, asked_at);
create index approval_asker on approval (asked_by, asked_at);

-- What happened to it, one row a step.
create table approval_step (
    id text primary key,
    approval text not null references approval (id),
    step text not null,
    -- The post for which somebody agreed.
    post text,
    note text not null,
    done_at bigint not null,
    done_by text not null
);
create index approval_step_approval on approval_step (approval, done_at);

-- A name that the school judged itself, for one group. Ended rows stay, so that what stood before
-- can be read and put back.
create table filter_entry (
    id text primary key,
    approval text not null references approval (id),
    name text not null,
    decision text not null constraint filter_entry_decision check (decision in ('allow', 'deny', 'approval')),
    for_group text not null,
    reason text not null,
    from_at bigint,
    until_at bigint,
    made_at bigint not null,
    ended_at bigint,
    -- The approval that took it away; none where its own time was over or it was taken back.
    ended_for text
);
create index filter_entry_approval on filter_entry (approval);
create index filter_entry_ended on filter_entry (ended_at, name);
