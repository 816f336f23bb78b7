create table account (
    person text primary key references person (id),
    -- Lower case; signs in. Copied from the person so that a changed address is a decision.
    sign_in_name text not null constraint account_sign_in_name_once unique,
    state text not null constraint account_state check (state in ('invited', 'active', 'disabled')),
    -- Guests: nobody signs in after this instant.
    ends_at bigint,
    password_record @BLOB@,
    password_set_at bigint,
    totp_sealed @BLOB@,
    totp_last_step bigint,
    second_factor_at bigint,
    public_key @BLOB@,
    -- The private key: under the password, and under the recovery kit.
    private_key_by_password @BLOB@,
    private_key_by_recovery @BLOB@,
    must_change_password boolean not null,
    created_at bigint not null,
    created_by text not null,
    disabled_at bigint
);

-- A link or code by which a person sets a password. Single use.
create table account_invitation (
    id text primary key,
    person text not null references person (id),
    code_hash @BLOB@ not null,
    -- 'invitation' or 'reset'.
    kind text not null,
    made_at bigint not null,
    made_by text not null,
    expires_at bigint not null,
    used_at bigint
);

create table account_recovery_code (
    id text primary key,
    person text not null references person (id),
    code_hash @BLOB@ not null,
    used_at bigint
);

-- A person who lost the second factor: one asks, another agrees (A09).
create table account_factor_reset (
    id text primary key,
    person text not null references person (id),
    asked_at bigint not null,
    asked_by text not null,
    agreed_at bigint,
    agreed_by text,
    refused_at bigint
);

-- A guess at a password or a code, for the throttle. Names are hashed: an
-- unknown name typed here may be somebody's password.
create table account_attempt (
    id text primary key,
    name_hash @BLOB@ not null,
    address text not null,
    kind text not null constraint account_attempt_kind check (kind in ('password', 'second-factor', 'invitation', 'step-up')),
    at_ms bigint not null,
    succeeded boolean not null
);
create index account_attempt_name on account_attempt (name_hash, kind, at_ms);
create index account_attempt_address on account_attempt (address, at_ms);

create table session (
    id text primary key,
    token_hash @BLOB@ not null constraint session_token_once unique,
    person text not null references person (id),
    -- 'password' until the second factor is given, then 'second-factor'.
    factor text not null,
    started_at bigint not null,
    last_active_at bigint not null,
    stepped_up_at bigint,
    locked_at bigint,
    ended_at bigint,
    ended_why text,
    device text not null,
    address text not null,
    -- The person's private key under a key that only the browser's token gives.
    -- Emptied when the session locks or ends.
    private_key_by_token @BLOB@
);
create index session_person on session (person, ended_at);

-- A form that was sent while the session was locked, sealed under the token.
create table session_held_form (
    session text primary key references session (id),
    path text not null,
    sealed @BLOB@ not null,
    held_at bigint not null
);

-- A half-written form, kept as it is typed, sealed under the school's key.
create table draft (
    person text not null references person (id),
    form text not null,
    sealed @BLOB@ not null,
    kept_at bigint not null,
    primary key (person, form)
);

-- A key for a program, with scopes and an end.
create table token (
    id text primary key,
    token_hash @BLOB@ not null constraint token_hash_once unique,
    person text not null references person (id),
    name text not null,
    scopes text not null,
    made_at bigint not null,
    expires_at bigint not null,
    revoked_at bigint,
    last_used_at bigint
);
