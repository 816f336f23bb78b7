-- An appointment that one person has proposed and another has yet to approve.
create table post_proposal (
    id text primary key,
    post text not null,
    person text not null references person (id),
    deputy boolean not null,
    from_on text not null,
    proposed_at bigint not null,
    proposed_by text not null references person (id),
    decided_at bigint,
    decided_by text references person (id),
    approved boolean
);
create index post_proposal_waiting on post_proposal (decided_at, post);
