-- Days on which somebody who holds a post is out of reach: whoever deputises is told instead.
create table post_absence (
    id text primary key,
    person text not null references person (id),
    from_on text not null,
    until_on text not null,
    declared_at bigint not null,
    declared_by text not null,
    ended_at bigint,
    ended_by text,
    constraint post_absence_runs_forward check (until_on >= from_on)
);
create index post_absence_person on post_absence (person, until_on);
