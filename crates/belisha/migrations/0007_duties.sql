-- Something a person should know. Says what waits, never what is in it.
create table notice (
    id text primary key,
    person text not null references person (id),
    kind text not null,
    object text not null,
    made_at bigint not null,
    read_at bigint,
    urgent boolean not null,
    -- The mail that says "you have something new", when it left.
    mailed_at bigint,
    mail_attempts bigint not null,
    mail_fault text
);
create index notice_person on notice (person, read_at, made_at);
create index notice_unmailed on notice (mailed_at, mail_attempts);

-- Background work: whoever holds the lease does it.
create table job (
    id text primary key,
    kind text not null,
    due_at bigint not null,
    leased_until bigint,
    leased_by text,
    attempts bigint not null,
    -- Words and numbers for a progress bar, while it runs.
    progress_done bigint not null,
    progress_total bigint not null,
    progress_says text not null,
    finished_at bigint,
    fault text,
    asked_by text
);
create index job_due on job (finished_at, due_at);

create table backup (
    id text primary key,
    made_at bigint not null,
    file_name text not null,
    size_bytes bigint not null,
    sha256 text not null,
    journal_size bigint not null,
    counts text not null,
    why text not null,
    verified_at bigint,
    failed text
);
create index backup_made_at on backup (made_at);

create table backup_drill (
    id text primary key,
    backup text not null references backup (id),
    drilled_at bigint not null,
    took_ms bigint not null,
    passed boolean not null,
    says text not null
);

-- The public halves of the recovery kit. The private half is on paper.
create table recovery_kit (
    id text primary key,
    recipient text not null,
    made_at bigint not null,
    made_by text not null,
    confirmed_at bigint,
    retired_at bigint
);
