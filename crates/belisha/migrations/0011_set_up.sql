-- The set-up of a school while it is under way. Holds nothing personal.
create table set_up (
    only_row bigint primary key constraint set_up_one check (only_row = 1),
    -- Of the code on the console; null once it was used or guessed at too often.
    code_hash @BLOB@,
    wrong_codes bigint not null,
    -- Of the value in the browser that gave the code.
    token_hash @BLOB@,
    -- Of the last two groups of one sheet of the recovery kit, until they are typed back.
    kit_check @BLOB@
);

-- Merged people are few: whoever asks under which ids a person is known reads these alone.
create index person_merged_into on person (merged_into) where merged_into is not null;
