-- The school itself: one row.
create table school (
    only_row bigint primary key constraint school_one check (only_row = 1),
    id text not null,
    name text not null,
    address text not null,
    town text not null,
    -- Six digits, or empty where the school has none yet.
    urn text not null,
    time_zone text not null,
    demonstration boolean not null,
    set_up_at bigint
);

create table school_term (
    id text primary key,
    name text not null,
    starts_on text not null,
    ends_on text not null,
    constraint school_term_runs_forward check (ends_on >= starts_on)
);

-- A day or span inside a term on which the school is closed to pupils.
create table school_closure (
    id text primary key,
    name text not null,
    starts_on text not null,
    ends_on text not null,
    constraint school_closure_runs_forward check (ends_on >= starts_on)
);

-- Everybody the school knows. Nobody is ever deleted by an import: a leaver has
-- an `ends_on`, a duplicate has `merged_into`.
create table person (
    id text primary key,
    name text not null,
    -- Lower case, one space, for finding and sorting.
    sort_name text not null,
    standing text not null,
    job_title text not null,
    email text,
    telephone text,
    upn text,
    born_on text,
    starts_on text not null,
    ends_on text,
    merged_into text references person (id),
    constraint person_standing check (standing in
        ('staff', 'student-teachers', 'governors', 'volunteers', 'contractors', 'guests', 'parents', 'pupils'))
);
create unique index person_upn on person (upn) where upn is not null and merged_into is null;
create unique index person_email on person (email) where email is not null and merged_into is null;
create index person_sort_name on person (sort_name);
create index person_standing_sort on person (standing, sort_name);

-- An appointment between two dates. The deputy of a post is a holding too.
create table post_holding (
    id text primary key,
    post text not null,
    person text not null references person (id),
    deputy boolean not null,
    from_on text not null,
    until_on text,
    constraint post_holding_runs_forward check (until_on is null or until_on >= from_on)
);
create index post_holding_post on post_holding (post, from_on);
create index post_holding_person on post_holding (person);

create table class (
    id text primary key,
    name text not null constraint class_name_once unique,
    year_group text not null
);

create table class_member (
    id text primary key,
    class text not null references class (id),
    person text not null references person (id),
    -- 'pupil', 'teacher' or 'assistant'.
    part text not null constraint class_member_part check (part in ('pupil', 'teacher', 'assistant')),
    from_on text not null,
    until_on text
);
create index class_member_class on class_member (class);
create index class_member_person on class_member (person);

-- One row for each adult of a child. Parents who live apart are two rows with two
-- households; what is sent to one household never shows the other's address.
create table family_tie (
    id text primary key,
    pupil text not null references person (id),
    adult text not null references person (id),
    relation text not null,
    household text not null,
    parental_responsibility boolean not null,
    may_be_contacted boolean not null,
    priority bigint not null,
    constraint family_tie_once unique (pupil, adult)
);
create index family_tie_adult on family_tie (adult);

create table person_merge (
    id text primary key,
    kept text not null references person (id),
    merged text not null references person (id),
    merged_at bigint not null,
    merged_by text not null,
    reason text not null
);

-- Marked by a lead: treated as a subject wherever the other person is one.
create table person_relation (
    id text primary key,
    person text not null references person (id),
    related_to text not null references person (id),
    marked_at bigint not null,
    marked_by text not null
);

-- A file of people as it was read, and the fate of each row.
create table person_import (
    id text primary key,
    kind text not null constraint person_import_kind check (kind in ('pupils', 'staff', 'contacts')),
    file_name text not null,
    encoding text not null,
    mapping text not null,
    state text not null constraint person_import_state check (state in ('mapping', 'previewed', 'running', 'done', 'abandoned')),
    rows_total bigint not null,
    rows_done bigint not null,
    started_at bigint not null,
    started_by text not null,
    finished_at bigint,
    -- The file, sealed under the school's key until the import ends, then emptied.
    sealed_file @BLOB@
);

create table person_import_row (
    import text not null references person_import (id),
    line bigint not null,
    fate text not null constraint person_import_row_fate check (fate in ('added', 'changed', 'unchanged', 'left', 'refused')),
    person text,
    says text not null,
    primary key (import, line)
);
