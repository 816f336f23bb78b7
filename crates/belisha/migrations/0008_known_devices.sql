-- A browser from which a person has signed in. It has a count of wrong guesses of
-- its own, so that a stranger who guesses does not keep its owner out.
create table account_device (
    person text not null references person (id),
    -- Of the random value in the browser's own long-lived cookie.
    device_hash @BLOB@ not null,
    known_since bigint not null,
    primary key (person, device_hash)
);

-- Null where the device is none that the account knows.
alter table account_attempt add column device_hash @BLOB@;

-- The new person's private key under the code, until the person has a password.
alter table account_invitation add column private_key_by_code @BLOB@;

-- A newer code, a closed account or a leaver's last day withdraws a code.
alter table account_invitation add column withdrawn_at bigint;

-- The person has said that somebody else knows the password: only a reset opens the account.
alter table account add column password_known_at bigint;
