-- The whole schema as it stands, printed from the migrations.
-- UPDATE=1 cargo test the_schema_file rewrites it.

CREATE TABLE journal_entry (
    sequence bigint primary key,
    line text not null,
    leaf blob not null,
    -- Copies of three members of the line, so that pages can list entries.
    at_ms bigint not null,
    action text not null,
    object text not null,
    actor text not null
);

CREATE TABLE journal_payload (
    sequence bigint primary key references journal_entry (sequence),
    sealed blob not null
);

CREATE TABLE journal_head (
    only_row bigint primary key constraint journal_head_one check (only_row = 1),
    head blob not null
);

CREATE TABLE journal_checkpoint (
    size bigint primary key,
    made_at bigint not null,
    note text not null
);

CREATE TABLE submission (
    id text primary key,
    made_at bigint not null,
    made_by text,
    -- Where the first sending led, so that the second leads there too.
    led_to text not null
);

CREATE TABLE school (
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

CREATE TABLE school_term (
    id text primary key,
    name text not null,
    starts_on text not null,
    ends_on text not null,
    constraint school_term_runs_forward check (ends_on >= starts_on)
);

CREATE TABLE school_closure (
    id text primary key,
    name text not null,
    starts_on text not null,
    ends_on text not null,
    constraint school_closure_runs_forward check (ends_on >= starts_on)
);

CREATE TABLE person (
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

CREATE TABLE post_holding (
    id text primary key,
    post text not null,
    person text not null references person (id),
    deputy boolean not null,
    from_on text not null,
    until_on text,
    constraint post_holding_runs_forward check (until_on is null or until_on >= from_on)
);

CREATE TABLE class (
    id text primary key,
    name text not null constraint class_name_once unique,
    year_group text not null
);

CREATE TABLE class_member (
    id text primary key,
    class text not null references class (id),
    person text not null references person (id),
    -- 'pupil', 'teacher' or 'assistant'.
    part text not null constraint class_member_part check (part in ('pupil', 'teacher', 'assistant')),
    from_on text not null,
    until_on text
);

CREATE TABLE family_tie (
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

CREATE TABLE person_merge (
    id text primary key,
    kept text not null references person (id),
    merged text not null references person (id),
    merged_at bigint not null,
    merged_by text not null,
    reason text not null
);

CREATE TABLE person_relation (
    id text primary key,
    person text not null references person (id),
    related_to text not null references person (id),
    marked_at bigint not null,
    marked_by text not null
);

CREATE TABLE person_import (
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
    sealed_file blob
);

CREATE TABLE person_import_row (
    import text not null references person_import (id),
    line bigint not null,
    fate text not null constraint person_import_row_fate check (fate in ('added', 'changed', 'unchanged', 'left', 'refused')),
    person text,
    says text not null,
    primary key (import, line)
);

CREATE TABLE account (
    person text primary key references person (id),
    -- Lower case; signs in. Copied from the person so that a changed address is a decision.
    sign_in_name text not null constraint account_sign_in_name_once unique,
    state text not null constraint account_state check (state in ('invited', 'active', 'disabled')),
    -- Guests: nobody signs in after this instant.
    ends_at bigint,
    password_record blob,
    password_set_at bigint,
    totp_sealed blob,
    totp_last_step bigint,
    second_factor_at bigint,
    public_key blob,
    -- The private key: under the password, and under the recovery kit.
    private_key_by_password blob,
    private_key_by_recovery blob,
    must_change_password boolean not null,
    created_at bigint not null,
    created_by text not null,
    disabled_at bigint
, password_known_at bigint);

CREATE TABLE account_invitation (
    id text primary key,
    person text not null references person (id),
    code_hash blob not null,
    -- 'invitation' or 'reset'.
    kind text not null,
    made_at bigint not null,
    made_by text not null,
    expires_at bigint not null,
    used_at bigint
, private_key_by_code blob, withdrawn_at bigint);

CREATE TABLE account_recovery_code (
    id text primary key,
    person text not null references person (id),
    code_hash blob not null,
    used_at bigint
);

CREATE TABLE account_factor_reset (
    id text primary key,
    person text not null references person (id),
    asked_at bigint not null,
    asked_by text not null,
    agreed_at bigint,
    agreed_by text,
    refused_at bigint
);

CREATE TABLE account_attempt (
    id text primary key,
    name_hash blob not null,
    address text not null,
    kind text not null constraint account_attempt_kind check (kind in ('password', 'second-factor', 'invitation', 'step-up')),
    at_ms bigint not null,
    succeeded boolean not null
, device_hash blob);

CREATE TABLE session (
    id text primary key,
    token_hash blob not null constraint session_token_once unique,
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
    private_key_by_token blob
);

CREATE TABLE session_held_form (
    session text primary key references session (id),
    path text not null,
    sealed blob not null,
    held_at bigint not null
);

CREATE TABLE draft (
    person text not null references person (id),
    form text not null,
    sealed blob not null,
    kept_at bigint not null,
    primary key (person, form)
);

CREATE TABLE token (
    id text primary key,
    token_hash blob not null constraint token_hash_once unique,
    person text not null references person (id),
    name text not null,
    scopes text not null,
    made_at bigint not null,
    expires_at bigint not null,
    revoked_at bigint,
    last_used_at bigint
);

CREATE TABLE policy_version (
    id text primary key,
    number bigint not null constraint policy_version_number_once unique,
    text text not null,
    pack text not null,
    state text not null constraint policy_version_state check (state in ('draft', 'proposed', 'approved', 'in-force', 'superseded', 'withdrawn')),
    revision bigint not null,
    made_at bigint not null,
    made_by text not null,
    in_force_on text,
    reviewed_on text,
    next_review_on text
, begun_from text references policy_version (id), superseded_on text);

CREATE TABLE policy_approval (
    id text primary key,
    version text not null references policy_version (id),
    approver text not null,
    decision text not null constraint policy_approval_decision check (decision in ('approved', 'refused')),
    minute text not null,
    reason text not null,
    approved_at bigint not null,
    approved_by text not null,
    -- The text that was approved, so that a later change voids the approval.
    fingerprint text not null,
    constraint policy_approval_once unique (version, approver, fingerprint)
);

CREATE TABLE policy_attestation (
    id text primary key,
    clause text not null,
    control text not null,
    attested_at bigint not null,
    attested_by text not null,
    until_on text,
    says text not null
, given_on text);

CREATE TABLE agreement_signature (
    id text primary key,
    person text not null references person (id),
    agreement text not null,
    version text not null references policy_version (id),
    signed_at bigint not null,
    signed_on text not null,
    -- As typed by the signer.
    full_name text not null,
    post text not null,
    until_on text,
    basis text not null,
    -- The journal's sequence number of the signing.
    sequence bigint,
    withdrawn_at bigint
, signed_text text not null default '', paper_place text, recorded_by text not null default '');

CREATE TABLE agreement_signature_clause (
    signature text not null references agreement_signature (id),
    clause text not null,
    fingerprint text not null,
    primary key (signature, clause)
);

CREATE TABLE agreement_due (
    person text not null references person (id),
    agreement text not null,
    due_on text not null,
    signed_on text,
    until_on text,
    -- Clauses that changed since the person signed, by id, separated by spaces.
    changed_clauses text not null,
    gate text not null,
    primary key (person, agreement)
);

CREATE TABLE record_key (
    record text primary key,
    tier bigint not null constraint record_key_tier check (tier in (2, 3)),
    wrapped blob,
    wrapped_for_recovery blob,
    made_at bigint not null,
    destroyed_at bigint
);

CREATE TABLE record_key_reader (
    record text not null references record_key (record),
    person text not null references person (id),
    wrapped blob not null,
    given_at bigint not null,
    given_by text not null,
    primary key (record, person)
);

CREATE TABLE incident (
    id text primary key,
    -- Random, for people to quote; not a running number, whose gaps would tell.
    reference text not null constraint incident_reference_once unique,
    kind text not null,
    about text not null,
    state text not null,
    opened_at bigint not null,
    policy_version text not null,
    guidance text not null,
    revision bigint not null,
    -- Sealed: a short title that the readers gave it.
    sealed_title blob,
    risk text not null,
    category text not null,
    acknowledge_by bigint,
    acknowledged_at bigint,
    acknowledged_by text,
    -- Where the alert stands in the route: 0 is the first person told.
    stage bigint not null,
    moves_on_at bigint,
    late boolean not null
, is_open boolean not null default true);

CREATE TABLE report (
    id text primary key,
    incident text not null references incident (id),
    reporter text,
    channel text not null,
    happened_at bigint,
    happened_on text not null,
    reported_at bigint not null,
    at_risk boolean not null,
    told_lead text not null,
    sealed_words blob not null,
    sealed_place blob not null,
    sealed_knows_how blob not null
, sealed_others blob, audience text not null default 'account', how_known text not null default '', sealed_from blob);

CREATE TABLE incident_person (
    id text primary key,
    incident text not null references incident (id),
    person text not null,
    part text not null constraint incident_person_part check (part in ('harmed', 'alleged', 'witness', 'reporter', 'other')),
    added_at bigint not null,
    added_by text not null,
    removed_at bigint
, merge text);

CREATE TABLE incident_reader (
    incident text not null references incident (id),
    person text not null,
    -- 'first', 'copy', 'next', 'shared'.
    why text not null,
    stage bigint not null,
    from_at bigint not null,
    until_at bigint,
    given_by text not null,
    primary key (incident, person, why)
);

CREATE TABLE incident_entry (
    id text primary key,
    incident text not null references incident (id),
    kind text not null,
    made_at bigint not null,
    made_by text not null,
    happened_on text not null,
    corrects text references incident_entry (id),
    sealed blob not null
);

CREATE TABLE incident_action (
    id text primary key,
    incident text not null references incident (id),
    owner text not null references person (id),
    due_on text not null,
    made_at bigint not null,
    made_by text not null,
    sealed_words blob not null,
    -- Tasks that the route demands carry their kind: 'designated-officer'.
    kind text not null,
    done_at bigint,
    done_by text,
    sealed_outcome blob
, reminded_on text);

CREATE TABLE incident_triage (
    id text primary key,
    incident text not null references incident (id),
    triaged_at bigint not null,
    triaged_by text not null,
    category text not null,
    child_at_risk boolean not null,
    outcome text not null,
    sealed_reason blob not null
, police_question boolean not null default false, imagery text not null default '', investigates boolean not null default false);

CREATE TABLE incident_parents (
    id text primary key,
    incident text not null references incident (id),
    decision text not null constraint incident_parents_decision check (decision in ('informed', 'held', 'hold-lifted')),
    made_at bigint not null,
    made_by text not null,
    informed_on text,
    sealed_reason blob not null
, person text);

CREATE TABLE incident_confirmation (
    incident text primary key references incident (id),
    confirmed_at bigint not null,
    confirmed_by text not null
);

CREATE TABLE incident_external_record (
    incident text primary key references incident (id),
    recorded_at bigint not null,
    recorded_by text not null,
    log_name text not null,
    sealed_reference blob not null
);

CREATE TABLE incident_closure (
    id text primary key,
    incident text not null references incident (id),
    closed_at bigint not null,
    closed_by text not null,
    sealed_outcome blob not null,
    reopened_at bigint,
    reopened_by text,
    sealed_reopen_reason blob
, ending text not null default 'closed');

CREATE TABLE notice (
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

CREATE TABLE job (
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

CREATE TABLE backup (
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

CREATE TABLE backup_drill (
    id text primary key,
    backup text not null references backup (id),
    drilled_at bigint not null,
    took_ms bigint not null,
    passed boolean not null,
    says text not null
);

CREATE TABLE recovery_kit (
    id text primary key,
    recipient text not null,
    made_at bigint not null,
    made_by text not null,
    confirmed_at bigint,
    retired_at bigint
);

CREATE TABLE account_device (
    person text not null references person (id),
    -- Of the random value in the browser's own long-lived cookie.
    device_hash blob not null,
    known_since bigint not null,
    primary key (person, device_hash)
);

CREATE TABLE post_proposal (
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

CREATE TABLE set_up (
    only_row bigint primary key constraint set_up_one check (only_row = 1),
    -- Of the code on the console; null once it was used or guessed at too often.
    code_hash blob,
    wrong_codes bigint not null,
    -- Of the value in the browser that gave the code.
    token_hash blob,
    -- Of the last two groups of one sheet of the recovery kit, until they are typed back.
    kit_check blob
);

CREATE TABLE agreement_decline (
    id text primary key,
    person text not null references person (id),
    agreement text not null,
    version text not null references policy_version (id),
    declined_at bigint not null,
    sealed_reason blob not null
);

CREATE TABLE incident_police (
    id text primary key,
    incident text not null references incident (id),
    decision text not null constraint incident_police_decision check (decision in ('told', 'not-told')),
    made_at bigint not null,
    made_by text not null,
    sealed_reason blob not null
);

CREATE TABLE incident_gap (
    incident text not null references incident (id),
    post text not null,
    why text not null constraint incident_gap_why check (why in ('empty', 'excluded', 'never-reads')),
    primary key (incident, post)
);

CREATE TABLE file (
    id text primary key,
    -- The record that it is kept with: incident:…
    belongs_to text not null,
    -- Under whose key it is sealed: the same, or file:… where it is sealed to persons alone.
    record text not null references record_key (record),
    kind text not null,
    size_bytes bigint not null,
    state text not null constraint file_state check (state in ('clean', 'not-scanned', 'quarantined', 'infected')),
    added_at bigint not null,
    added_by text not null,
    scanned_at bigint,
    -- Its name, what it shows and what was found in it.
    sealed_about blob not null
);

CREATE TABLE file_piece (
    file text not null references file (id),
    number bigint not null,
    sealed blob not null,
    primary key (file, number)
);

CREATE TABLE export (
    id text primary key,
    purpose text not null constraint export_purpose check (purpose in ('chronology', 'transfer', 'recorder', 'subject-access')),
    -- incident:… or person:…
    about text not null,
    state text not null constraint export_state check (state in ('draft', 'finished', 'abandoned')),
    revision bigint not null,
    begun_at bigint not null,
    begun_by text not null,
    masked_at bigint,
    checked_at bigint,
    finished_at bigint,
    sealed_pack blob not null,
    -- What was made of it, and the passphrase.
    sealed_finished blob,
    -- For a transfer: when the receipt is owed, when it was chased, and when it came.
    receipt_due_on text,
    chased_at bigint,
    received_on text,
    sealed_receipt blob
);

CREATE TABLE export_case (
    export text not null references export (id),
    incident text not null references incident (id),
    primary key (export, incident)
);

CREATE TABLE incident_category (
    id text primary key,
    incident text not null references incident (id),
    category text not null,
    -- None where it is said of the whole case.
    person text references person (id),
    added_at bigint not null,
    added_by text not null,
    removed_at bigint
);

CREATE TABLE incident_service (
    incident text not null references incident (id),
    service text not null,
    primary key (incident, service)
);

CREATE TABLE report_answer_code (
    report text primary key references report (id),
    locator blob not null constraint report_answer_code_once unique,
    public_key blob not null,
    -- The key of the messages for whoever has the code, where the case is sealed.
    wrapped blob,
    made_at bigint not null,
    ends_at bigint not null,
    answer_by bigint not null
);

CREATE TABLE report_message (
    id text primary key,
    report text not null references report (id),
    from_school boolean not null,
    made_at bigint not null,
    -- None where it came with the code.
    made_by text,
    -- When whoever has the code saw it.
    read_at bigint,
    sealed blob not null
);

CREATE TABLE report_arrival (
    id text primary key,
    address_hash blob not null,
    kind text not null constraint report_arrival_kind check (kind in ('report', 'code')),
    at_ms bigint not null
);

CREATE TABLE report_alert (
    id text primary key,
    person text not null references person (id),
    made_at bigint not null,
    sealed blob not null,
    report text references report (id)
);

CREATE TABLE report_technical (
    id text primary key,
    matter text not null,
    services text not null,
    happened_on text not null,
    happened_at bigint,
    made_at bigint not null,
    seen_at bigint,
    seen_by text
);

CREATE TABLE incident_sight (
    id text primary key,
    incident text not null references incident (id),
    person text not null,
    category text not null,
    sealed_reason blob not null,
    asked_at bigint not null,
    until_at bigint not null,
    review_due_on text not null,
    reviewed_at bigint,
    reviewed_by text,
    finding text constraint incident_sight_finding check (finding in ('right', 'not-right')),
    sealed_judgement blob,
    reminded_on text
);

CREATE TABLE incident_sight_alert (
    sight text not null references incident_sight (id),
    person text not null,
    primary key (sight, person)
);

CREATE TABLE incident_left (
    incident text primary key references incident (id),
    found_at bigint not null,
    taken_up_at bigint,
    taken_up_by text
);

CREATE TABLE record_key_earlier (
    record text not null references record_key (record),
    generation bigint not null,
    sealed blob not null,
    replaced_at bigint not null,
    primary key (record, generation)
);

CREATE TABLE review (
    id text primary key,
    incident text not null references incident (id),
    guide text not null,
    opened_at bigint not null,
    opened_by text not null,
    sign_by bigint,
    lacks text not null,
    -- How many answers were ever given: a signature stands while this has not grown.
    answers bigint not null,
    withdrawn_at bigint,
    constraint review_once unique (incident, guide)
);

CREATE TABLE review_answer (
    id text primary key,
    review text not null references review (id),
    number bigint not null,
    question text not null,
    made_at bigint not null,
    made_by text not null,
    sealed_value blob not null,
    sealed_reason blob not null,
    constraint review_answer_number unique (review, number)
);

CREATE TABLE review_signature (
    id text primary key,
    review text not null references review (id),
    made_at bigint not null,
    made_by text not null,
    way text not null,
    answers bigint not null,
    sealed_words blob not null
);

CREATE TABLE review_escalation (
    id text primary key,
    review text not null references review (id),
    made_at bigint not null,
    made_by text not null,
    sealed_reason blob not null
);

CREATE TABLE referral (
    id text primary key,
    incident text not null references incident (id),
    -- The review whose answers ask for it, and under which name; empty where a person added it.
    review text references review (id),
    need text not null,
    -- The agencies of which one is enough, by their keys.
    agencies text not null,
    made_at bigint not null,
    made_by text not null,
    due_at bigint,
    chase_on text,
    withdrawn_at bigint,
    -- The day on which somebody was last told that it is overdue.
    told_on text,
    sealed_why blob not null
);

CREATE TABLE referral_step (
    id text primary key,
    referral text not null references referral (id),
    -- Its place in the order, which no clock decides.
    number bigint not null,
    step text not null constraint referral_step_step check (step in ('sent', 'acknowledged', 'advice', 'refused', 'outcome', 'chased')),
    agency text not null,
    how text not null,
    made_at bigint not null,
    made_by text not null,
    sealed_words blob not null,
    sealed_reference blob not null
);

CREATE TABLE agency_contact (
    agency text primary key,
    phone text not null,
    out_of_hours text not null,
    email text not null,
    web text not null,
    note text not null,
    checked_on text not null,
    changed_at bigint not null,
    changed_by text not null
);

CREATE TABLE incident_custody (
    id text primary key,
    incident text not null references incident (id),
    taken_at bigint not null,
    made_at bigint not null,
    made_by text not null,
    sealed_device blob not null,
    sealed_from blob not null,
    sealed_taken_by blob not null,
    sealed_place blob not null,
    sealed_bag blob not null
);

CREATE TABLE incident_custody_move (
    id text primary key,
    custody text not null references incident_custody (id),
    moved_at bigint not null,
    made_at bigint not null,
    made_by text not null,
    sealed_to blob not null,
    sealed_reference blob not null
);

CREATE TABLE incident_lowering (
    id text primary key,
    incident text not null references incident (id),
    lowered_at bigint not null,
    lowered_by text not null,
    from_kind text not null,
    sealed_reason blob not null
);

CREATE TABLE incident_assignment (
    id text primary key,
    incident text not null references incident (id),
    owner text not null references person (id),
    assigned_at bigint not null,
    assigned_by text not null
);

CREATE TABLE incident_link (
    id text primary key,
    incident text not null references incident (id),
    other text not null references incident (id),
    made_at bigint not null,
    made_by text not null,
    removed_at bigint,
    removed_by text
);

CREATE TABLE incident_merge (
    id text primary key,
    incident text not null references incident (id),
    into_incident text not null references incident (id),
    made_at bigint not null,
    made_by text not null,
    undone_at bigint,
    undone_by text
);

CREATE TABLE incident_sanction (
    id text primary key,
    incident text not null references incident (id),
    person text not null references person (id),
    step text not null,
    agreed_by text not null references person (id),
    decided_at bigint not null,
    decided_by text not null,
    sealed_words blob not null
);

CREATE TABLE incident_support (
    id text primary key,
    incident text not null references incident (id),
    person text not null references person (id),
    decision text not null constraint incident_support_decision check (decision in ('planned', 'declined', 'ended')),
    responsible text,
    review_on text,
    decided_at bigint not null,
    decided_by text not null,
    sealed_words blob not null,
    reminded_on text
);

CREATE TABLE incident_lesson (
    id text primary key,
    incident text not null references incident (id),
    clause text,
    made_at bigint not null,
    made_by text not null,
    sealed_words blob not null
);

CREATE TABLE approval (
    id text primary key,
    number bigint not null,
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
    reviewed_at bigint, review_told_at bigint, kind text not null default '',
    constraint approval_number unique (number)
);

CREATE TABLE approval_step (
    id text primary key,
    approval text not null references approval (id),
    step text not null,
    -- The post for which somebody agreed.
    post text,
    note text not null,
    done_at bigint not null,
    done_by text not null
);

CREATE TABLE filter_entry (
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

CREATE TABLE filter_log_file (
    name text primary key,
    taken bigint not null
);

CREATE TABLE filter_log_segment (
    id text primary key,
    from_at bigint not null,
    until_at bigint not null,
    lines bigint not null,
    taken_at bigint not null,
    sealed blob not null
);

CREATE TABLE filter_tally (
    on_day text not null,
    for_group text not null,
    outcome text not null,
    category text not null,
    times bigint not null,
    primary key (on_day, for_group, outcome, category)
);

CREATE TABLE filter_alert (
    id text primary key,
    kind text not null,
    -- One alert a day for one device and one reason.
    mark text not null constraint filter_alert_mark unique,
    technical boolean not null,
    at_once boolean not null,
    made_at bigint not null,
    first_at bigint not null,
    for_group text not null,
    category text not null,
    sealed blob not null,
    told_at bigint,
    handled_at bigint,
    handled_by text,
    outcome text
);

CREATE TABLE filter_search (
    id text primary key,
    made_at bigint not null,
    made_by text not null,
    found bigint not null,
    sealed blob not null
);

CREATE TABLE filter_test (
    id text primary key,
    tested_at bigint not null,
    for_group text not null,
    asked bigint not null,
    failed bigint not null,
    -- Words of ours: which probes failed.
    says text not null
, place text not null default '');

CREATE TABLE post_absence (
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

CREATE TABLE incident_evidence (
    id text primary key,
    incident text not null references incident (id),
    captured_at bigint not null,
    sent_on boolean not null,
    made_at bigint not null,
    made_by text not null,
    corrects text references incident_evidence (id),
    sealed_what blob not null,
    sealed_place blob not null,
    sealed_keeper blob not null,
    sealed_sent_to blob not null,
    constraint incident_evidence_corrected_once unique (corrects)
);

CREATE TABLE incident_investigation (
    id text primary key,
    incident text not null references incident (id),
    clause text,
    finding text not null constraint incident_investigation_finding check (finding in ('shown', 'not-shown', 'nobody-known')),
    made_at bigint not null,
    made_by text not null,
    sealed_investigator blob not null,
    sealed_words blob not null
);

CREATE TABLE retention_term (
    incident text primary key references incident (id),
    -- None where no end can be said yet, and then what lacks.
    due_on text,
    lacks text not null,
    -- When those who may decide were told that its time is over.
    told_at bigint
);

CREATE TABLE retention_hold (
    id text primary key,
    incident text not null references incident (id),
    placed_at bigint not null,
    placed_by text not null,
    -- Under the key of the case, as all that is written about it.
    sealed_reason blob not null,
    ended_at bigint,
    ended_by text,
    sealed_end_reason blob
);

CREATE TABLE retention_decision (
    id text primary key,
    incident text not null references incident (id),
    decision text not null constraint retention_decision_word check (decision in ('destroy', 'keep')),
    keep_until text,
    decided_at bigint not null,
    decided_by text not null,
    sealed_reason blob not null
);

CREATE TABLE retention_destruction (
    -- The case that was; nothing else bears this id any more.
    incident text primary key,
    reference text not null,
    kind text not null,
    rule text not null,
    opened_on text not null,
    closed_on text not null,
    due_on text not null,
    -- How many keys were shredded, and how many files went with them.
    keys_shredded bigint not null,
    files_destroyed bigint not null,
    decided_by text not null,
    agreed_by text not null,
    destroyed_at bigint not null
);

CREATE TABLE retention_witness (
    incident text not null references retention_destruction (incident),
    person text not null,
    primary key (incident, person)
);

CREATE TABLE data_request (
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
    sealed_asker blob not null,
    sealed_about blob not null,
    sealed_words blob not null
, near_told_for text, late_told_for text);

CREATE TABLE data_request_step (
    id text primary key,
    request text not null references data_request (id),
    number bigint not null,
    step text not null,
    taken_on text not null,
    made_at bigint not null,
    made_by text not null,
    sealed_words blob not null,
    constraint data_request_step_number unique (request, number)
);

CREATE TABLE incident_withholding (
    id text primary key,
    incident text not null references incident (id),
    person text not null references person (id),
    from_at bigint not null,
    withheld_by text not null,
    sealed_reason blob not null,
    ended_at bigint,
    ended_by text
);

CREATE TABLE filter_device (
    id text primary key,
    -- The device, whatever is written down of it.
    device text not null,
    name text not null,
    -- The name in small letters: no two devices in use share one.
    name_key text not null,
    hardware text,
    address text,
    for_group text not null,
    class text references class (id),
    holder text references person (id),
    site text not null,
    -- The path by which it asks over encrypted DNS.
    token text,
    made_at bigint not null,
    made_by text not null,
    ended_at bigint,
    ended_by text,
    -- Why it is in use no longer; nothing where another row follows.
    retired_for text
);

CREATE TABLE filter_list_decision (
    id text primary key,
    list text not null,
    decision text not null constraint filter_list_decision_kind check (decision in ('take', 'refuse', 'back')),
    -- The digest of the version's files.
    version text not null,
    reason text not null,
    made_at bigint not null,
    made_by text not null,
    -- When another decision about the list took its place.
    ended_at bigint
);

CREATE TABLE filter_refresh (
    id text primary key,
    seen_at bigint not null,
    compiled_at bigint not null,
    -- When every source was last asked and none failed.
    refreshed_at bigint,
    lists bigint not null,
    held bigint not null,
    -- How many of them are of illegal content.
    illegal bigint not null,
    -- Tells one set of held versions from another, so that each is told once.
    mark text not null
);

CREATE TABLE filter_node (
    id text primary key,
    name text not null,
    name_key text not null,
    invited_at bigint not null,
    invited_by text not null,
    code_hash blob,
    code_until bigint not null,
    token_hash blob,
    enrolled_at bigint,
    -- When it last asked, and what it said of itself.
    seen_at bigint,
    snapshot text not null,
    ended_at bigint,
    ended_by text,
    ended_for text
);

CREATE TABLE filter_node_file (
    node text not null references filter_node (id),
    name text not null,
    received bigint not null,
    primary key (node, name)
);

CREATE TABLE filter_enrolment (
    id text primary key,
    name text not null,
    for_group text not null,
    token_hash blob not null constraint filter_enrolment_token unique,
    made_at bigint not null,
    made_by text not null,
    ended_at bigint,
    ended_by text
);

CREATE TABLE filter_extension_device (
    enrolment text not null references filter_enrolment (id),
    -- The name that its policy gives it, or the number that it drew itself.
    device text not null,
    version text not null,
    first_at bigint not null,
    last_at bigint not null,
    primary key (enrolment, device)
);

CREATE TABLE filter_extension (
    for_group text primary key,
    -- Rises with each making, so that older settings are known for what they are.
    number bigint not null,
    -- What it was made from: nothing is made anew while this is the same.
    made_from text not null,
    addresses bigint not null,
    left_out bigint not null,
    signed text not null
);

CREATE INDEX journal_entry_object on journal_entry (object, sequence);

CREATE INDEX journal_entry_actor on journal_entry (actor, sequence);

CREATE UNIQUE INDEX person_upn on person (upn) where upn is not null and merged_into is null;

CREATE UNIQUE INDEX person_email on person (email) where email is not null and merged_into is null;

CREATE INDEX person_sort_name on person (sort_name);

CREATE INDEX person_standing_sort on person (standing, sort_name);

CREATE INDEX post_holding_post on post_holding (post, from_on);

CREATE INDEX post_holding_person on post_holding (person);

CREATE INDEX class_member_class on class_member (class);

CREATE INDEX class_member_person on class_member (person);

CREATE INDEX family_tie_adult on family_tie (adult);

CREATE INDEX account_attempt_name on account_attempt (name_hash, kind, at_ms);

CREATE INDEX account_attempt_address on account_attempt (address, at_ms);

CREATE INDEX session_person on session (person, ended_at);

CREATE INDEX agreement_signature_person on agreement_signature (person, agreement);

CREATE INDEX incident_state on incident (state, opened_at);

CREATE INDEX report_incident on report (incident);

CREATE INDEX report_reporter on report (reporter);

CREATE INDEX incident_person_incident on incident_person (incident);

CREATE INDEX incident_person_person on incident_person (person);

CREATE INDEX incident_reader_person on incident_reader (person);

CREATE INDEX incident_entry_incident on incident_entry (incident, made_at);

CREATE INDEX incident_action_incident on incident_action (incident);

CREATE INDEX incident_action_owner on incident_action (owner, done_at);

CREATE INDEX incident_closure_incident on incident_closure (incident);

CREATE INDEX notice_person on notice (person, read_at, made_at);

CREATE INDEX notice_unmailed on notice (mailed_at, mail_attempts);

CREATE INDEX job_due on job (finished_at, due_at);

CREATE INDEX backup_made_at on backup (made_at);

CREATE INDEX post_proposal_waiting on post_proposal (decided_at, post);

CREATE INDEX policy_version_state on policy_version (state);

CREATE INDEX policy_attestation_clause on policy_attestation (clause, attested_at);

CREATE INDEX agreement_due_agreement on agreement_due (agreement);

CREATE INDEX person_merged_into on person (merged_into) where merged_into is not null;

CREATE INDEX agreement_decline_person on agreement_decline (person, agreement);

CREATE INDEX incident_queue on incident (is_open, opened_at);

CREATE INDEX incident_moves_on on incident (moves_on_at);

CREATE INDEX incident_triage_incident on incident_triage (incident, triaged_at);

CREATE INDEX incident_parents_incident on incident_parents (incident, made_at);

CREATE INDEX incident_person_part on incident_person (part, person);

CREATE INDEX incident_police_incident on incident_police (incident, made_at);

CREATE INDEX file_belongs_to on file (belongs_to, added_at);

CREATE INDEX file_state_of on file (state);

CREATE INDEX file_added_by on file (added_by, added_at);

CREATE INDEX export_about on export (about, begun_at);

CREATE INDEX export_receipt on export (state, receipt_due_on);

CREATE INDEX incident_category_incident on incident_category (incident);

CREATE INDEX incident_category_category on incident_category (category, added_at);

CREATE INDEX report_message_report on report_message (report, made_at);

CREATE INDEX report_arrival_address on report_arrival (address_hash, kind, at_ms);

CREATE INDEX report_alert_person on report_alert (person);

CREATE INDEX incident_sight_person on incident_sight (person, asked_at);

CREATE INDEX incident_sight_incident on incident_sight (incident);

CREATE INDEX review_signature_review on review_signature (review);

CREATE INDEX review_escalation_review on review_escalation (review);

CREATE INDEX referral_incident on referral (incident);

CREATE INDEX referral_review on referral (review);

CREATE UNIQUE INDEX referral_step_referral on referral_step (referral, number);

CREATE INDEX incident_custody_incident on incident_custody (incident);

CREATE INDEX incident_custody_move_custody on incident_custody_move (custody);

CREATE INDEX incident_lowering_incident on incident_lowering (incident);

CREATE INDEX notice_unread on notice (person, made_at) where read_at is null;

CREATE INDEX job_kind on job (kind, finished_at);

CREATE INDEX incident_about_adults on incident (id) where kind <> 'pupil-welfare' and kind <> 'child-protection';

CREATE INDEX notice_object on notice (object, person);

CREATE INDEX incident_assignment_incident on incident_assignment (incident, assigned_at);

CREATE INDEX incident_link_incident on incident_link (incident);

CREATE INDEX incident_link_other on incident_link (other);

CREATE INDEX incident_merge_incident on incident_merge (incident);

CREATE INDEX incident_merge_into on incident_merge (into_incident);

CREATE INDEX incident_sanction_incident on incident_sanction (incident, decided_at);

CREATE INDEX incident_support_incident on incident_support (incident, decided_at);

CREATE INDEX incident_lesson_incident on incident_lesson (incident, made_at);

CREATE INDEX approval_state on approval (state, asked_at);

CREATE INDEX approval_asker on approval (asked_by, asked_at);

CREATE INDEX approval_step_approval on approval_step (approval, done_at);

CREATE INDEX filter_entry_approval on filter_entry (approval);

CREATE INDEX filter_entry_ended on filter_entry (ended_at, name);

CREATE INDEX filter_log_segment_until on filter_log_segment (until_at);

CREATE INDEX filter_alert_open on filter_alert (handled_at, made_at);

CREATE INDEX filter_test_at on filter_test (tested_at);

CREATE INDEX post_absence_person on post_absence (person, until_on);

CREATE INDEX incident_evidence_incident on incident_evidence (incident, made_at);

CREATE INDEX incident_investigation_incident on incident_investigation (incident, made_at);

CREATE INDEX retention_term_due on retention_term (due_on);

CREATE INDEX retention_hold_incident on retention_hold (incident);

CREATE INDEX retention_decision_incident on retention_decision (incident);

CREATE INDEX retention_witness_person on retention_witness (person);

CREATE INDEX data_request_open on data_request (ended_on, due_on);

CREATE INDEX data_request_person on data_request (person);

CREATE INDEX incident_withholding_person on incident_withholding (person, ended_at);

CREATE INDEX incident_withholding_incident on incident_withholding (incident);

CREATE INDEX filter_device_device on filter_device (device, made_at);

CREATE UNIQUE INDEX filter_device_name on filter_device (name_key) where ended_at is null;

CREATE UNIQUE INDEX filter_device_hardware on filter_device (hardware) where ended_at is null and hardware is not null;

CREATE UNIQUE INDEX filter_device_address on filter_device (address) where ended_at is null and address is not null;

CREATE UNIQUE INDEX filter_list_decision_list on filter_list_decision (list) where ended_at is null;

CREATE INDEX filter_refresh_seen on filter_refresh (seen_at);

CREATE UNIQUE INDEX filter_node_name on filter_node (name_key) where ended_at is null;

CREATE UNIQUE INDEX filter_node_token on filter_node (token_hash) where token_hash is not null;

CREATE INDEX filter_extension_device_last on filter_extension_device (last_at);

CREATE INDEX incident_acknowledged_by on incident (acknowledged_by) where is_open;

CREATE INDEX incident_assignment_owner on incident_assignment (owner);

CREATE INDEX incident_action_due on incident_action (due_on) where done_at is null;

CREATE TRIGGER journal_entry_stays before update on journal_entry
begin select raise(abort, 'a journal entry is never changed'); end;

CREATE TRIGGER journal_entry_kept before delete on journal_entry
begin select raise(abort, 'a journal entry is never removed'); end;

CREATE TRIGGER journal_checkpoint_stays before update on journal_checkpoint
begin select raise(abort, 'a checkpoint is never changed'); end;

CREATE TRIGGER journal_checkpoint_kept before delete on journal_checkpoint
begin select raise(abort, 'a checkpoint is never removed'); end;
