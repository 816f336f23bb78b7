use belisha_policy::{Post, Standing, Word};
use proptest::prelude::*;

use super::matrix::related;
use super::*;
use crate::ids::PersonId;

const ME: PersonId = PersonId::new(1);
const NOW: Timestamp = Timestamp::UNIX_EPOCH;

fn later() -> Timestamp {
    Timestamp::from_second(3600).unwrap()
}

fn with_posts(posts: &[Post]) -> Viewer {
    viewer(
        &Hats::new([Standing::Staff], posts.iter().copied()),
        AccountState::Active,
    )
}

fn viewer(hats: &Hats, account: AccountState) -> Viewer {
    Viewer::person(Identity::of(ME), hats, account)
}

#[test]
fn the_printed_table_is_the_reviewed_one() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/access.txt");
    let now = matrix();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &now).expect("access.txt can be written");
    }
    let reviewed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        now == reviewed,
        "Who may do what has changed. Run the test with UPDATE=1 and review access.txt line by line."
    );
}

#[test]
fn the_table_names_only_acts_that_its_kind_has() {
    for kind in Kind::ALL {
        for role in Role::ALL {
            for (_, actions) in table::rights(kind, role) {
                for action in *actions {
                    assert!(
                        kind.actions().contains(action),
                        "{kind:?} {role:?} {action:?}"
                    );
                }
            }
        }
    }
}

/// What must hold whatever else the table says: each line is a promise.
#[test]
fn the_promises_hold_cell_by_cell() {
    use Action::*;
    use Kind::*;
    let check = |post: Post, kind: Kind, relation: Option<Relation>, action: Action, expected| {
        let record = relation.map_or(RecordFacts::of(kind), |r| related(kind, ME, r));
        let decision = may(&with_posts(&[post]), action, &record, NOW);
        assert_eq!(
            decision, expected,
            "{post:?} {kind:?} {relation:?} {action:?}"
        );
    };
    let yes = |role| Decision::Allowed(Why::Role(role));
    let by = |role, relation| Decision::Allowed(Why::Relation(role, relation));
    let no = Decision::Refused(WhyNot::RoleMayNot);
    let hidden = Decision::Hidden;
    let in_charge = Some(Relation::InCharge);

    check(
        Post::DesignatedSafeguardingLead,
        PupilWelfare,
        None,
        ReadCase,
        yes(Role::Lead),
    );
    check(
        Post::DesignatedSafeguardingLead,
        PupilWelfare,
        None,
        HoldCase,
        yes(Role::Lead),
    );
    check(
        Post::DeputyDesignatedSafeguardingLead,
        PupilWelfare,
        None,
        Triage,
        yes(Role::DeputyLead),
    );
    check(
        Post::DeputyDesignatedSafeguardingLead,
        PupilWelfare,
        None,
        HoldCase,
        no,
    );
    check(
        Post::Headteacher,
        PupilWelfare,
        None,
        ReadCase,
        yes(Role::Head),
    );
    check(Post::Headteacher, PupilWelfare, None, Triage, no);
    check(
        Post::Headteacher,
        PupilWelfare,
        in_charge,
        Triage,
        by(Role::Head, Relation::InCharge),
    );
    check(
        Post::Headteacher,
        ChildProtection,
        None,
        ExportCase,
        yes(Role::Head),
    );
    check(
        Post::OnlineSafetyCoordinator,
        PupilWelfare,
        None,
        ReadCase,
        hidden,
    );
    check(
        Post::OnlineSafetyCoordinator,
        PupilWelfare,
        in_charge,
        Acknowledge,
        by(Role::Coordinator, Relation::InCharge),
    );
    check(
        Post::PastoralLead,
        PupilWelfare,
        Some(Relation::Cohort),
        AddEntry,
        by(Role::Pastoral, Relation::Cohort),
    );
    check(
        Post::PastoralLead,
        ChildProtection,
        Some(Relation::Cohort),
        ReadCase,
        hidden,
    );

    // A new headteacher gets staff records by hand-over, and never those about a head.
    check(Post::Headteacher, AllegationStaff, None, ReadCase, hidden);
    check(
        Post::Headteacher,
        AllegationStaff,
        Some(Relation::HandedOver),
        ReadCase,
        by(Role::Head, Relation::HandedOver),
    );
    for relation in Relation::ALL {
        check(
            Post::Headteacher,
            AllegationHead,
            Some(relation),
            ReadCase,
            hidden,
        );
        check(
            Post::DesignatedSafeguardingLead,
            AllegationHead,
            Some(relation),
            ReadCase,
            hidden,
        );
        check(
            Post::ChairOfGovernors,
            AllegationChair,
            Some(relation),
            ReadCase,
            hidden,
        );
        check(
            Post::NetworkManager,
            AllegationStaff,
            Some(relation),
            ReadCase,
            hidden,
        );
        check(
            Post::DataProtectionOfficer,
            AllegationStaff,
            Some(relation),
            ReadCase,
            hidden,
        );
        check(
            Post::SchoolOffice,
            AllegationStaff,
            Some(relation),
            ReadCase,
            hidden,
        );
    }
    check(
        Post::ChairOfGovernors,
        AllegationHead,
        in_charge,
        CloseCase,
        by(Role::Chair, Relation::InCharge),
    );
    check(
        Post::ChairOfGovernors,
        AllegationStaff,
        None,
        ReadCase,
        hidden,
    );
    check(
        Post::ChairOfGovernors,
        AllegationStaff,
        Some(Relation::Informed),
        ReadCase,
        by(Role::Chair, Relation::Informed),
    );
    check(
        Post::ViceChairOfGovernors,
        AllegationChair,
        in_charge,
        Triage,
        by(Role::ViceChair, Relation::InCharge),
    );

    // Emergency sight: the chair, never of what is about head or chair; it reads and no more.
    check(
        Post::ChairOfGovernors,
        PupilWelfare,
        None,
        BreakGlass,
        yes(Role::Chair),
    );
    check(
        Post::ChairOfGovernors,
        AllegationHead,
        None,
        BreakGlass,
        hidden,
    );
    check(Post::NetworkManager, PupilWelfare, None, BreakGlass, hidden);
    let sight = Some(Relation::BreakGlass);
    check(
        Post::ChairOfGovernors,
        PupilWelfare,
        sight,
        ReadCase,
        by(Role::Chair, Relation::BreakGlass),
    );
    check(Post::ChairOfGovernors, PupilWelfare, sight, ExportCase, no);
    check(Post::ChairOfGovernors, PupilWelfare, sight, AddEntry, no);

    // Running the system.
    check(
        Post::NetworkManager,
        Backup,
        None,
        RunBackup,
        yes(Role::Technician),
    );
    check(Post::NetworkManager, Backup, None, ApproveRestore, no);
    check(Post::NetworkManager, Journal, None, ReadAllLines, no);
    check(Post::NetworkManager, Register, None, EditPeople, no);
    check(
        Post::NetworkManager,
        Appointment,
        None,
        ApproveAppointment,
        no,
    );
    check(
        Post::SafeguardingGovernor,
        Assurance,
        None,
        ReadAssurance,
        yes(Role::LinkGovernor),
    );
    check(
        Post::SafeguardingGovernor,
        PupilWelfare,
        None,
        ReadCase,
        hidden,
    );
}

#[test]
fn staff_see_what_was_shared_and_their_own_reports() {
    let teacher = with_posts(&[]);
    let check = |relation, action, expected: bool| {
        let record = related(Kind::PupilWelfare, ME, relation);
        assert_eq!(
            may(&teacher, action, &record, NOW).is_allowed(),
            expected,
            "{relation:?}"
        );
    };
    check(Relation::Shared, Action::ReadCase, true);
    check(Relation::Shared, Action::ShareCase, false);
    check(Relation::Reporter, Action::ReadOwnReport, true);
    check(Relation::Reporter, Action::ConfirmOwnReport, true);
    check(Relation::Reporter, Action::ReadCase, false);
    check(Relation::Informed, Action::ReadCase, false);
    // A shared case is known to the reader, so what they may not do is refused and not hidden.
    let shared = related(Kind::PupilWelfare, ME, Relation::Shared);
    assert_eq!(
        may(&teacher, Action::ShareCase, &shared, NOW),
        Decision::Refused(WhyNot::RoleMayNot)
    );
    // A reporter does not learn whether a case was made of their report.
    let reported = related(Kind::PupilWelfare, ME, Relation::Reporter);
    assert_eq!(
        may(&teacher, Action::ReadCase, &reported, NOW),
        Decision::Hidden
    );
}

#[test]
fn grants_end() {
    let check = |how, until, expected: bool| {
        let mut record = RecordFacts::of(Kind::AllegationStaff);
        record.grants.push(Grant { to: ME, how, until });
        let lead = with_posts(&[Post::DesignatedSafeguardingLead, Post::ChairOfGovernors]);
        let decision = may(&lead, Action::ReadCase, &record, NOW);
        assert_eq!(decision.is_allowed(), expected, "{how:?} until {until:?}");
    };
    check(Granted::Delegated, Some(later()), true);
    check(Granted::Delegated, Some(NOW), false);
    check(Granted::Delegated, None, false);
    check(Granted::BreakGlass, Some(later()), true);
    check(Granted::BreakGlass, Some(NOW), false);
    check(Granted::BreakGlass, None, false);
    check(Granted::Shared, None, true);
    check(Granted::Shared, Some(NOW), false);
}

#[test]
fn a_token_reaches_what_it_names_and_no_case_that_is_sealed() {
    let hats = Hats::new([Standing::Staff], [Post::Headteacher]);
    let token = Viewer::token(
        Identity::of(ME),
        &hats,
        AccountState::Active,
        [
            Action::ReadRegister,
            Action::ReadCase,
            Action::AddEntry,
            Action::ReadOwnReport,
            Action::IssueApiToken,
        ],
    );
    let check = |kind, action, expected: bool| {
        let decision = may(&token, action, &RecordFacts::of(kind), NOW);
        assert_eq!(decision.is_allowed(), expected, "{kind:?} {action:?}");
    };
    check(Kind::Register, Action::ReadRegister, true);
    check(Kind::Register, Action::EditPeople, false);
    check(Kind::PupilWelfare, Action::ReadCase, true);
    check(Kind::PupilWelfare, Action::AddEntry, false);
    check(Kind::ApiToken, Action::IssueApiToken, false);
    for kind in Kind::ALL.into_iter().filter(|kind| kind.is_sealed()) {
        let record = RecordFacts {
            in_charge: vec![ME],
            reporters: vec![ME],
            ..RecordFacts::of(kind)
        };
        assert_eq!(
            may(&token, Action::ReadCase, &record, NOW),
            Decision::Hidden
        );
        assert!(may(&token, Action::ReadOwnReport, &record, NOW).is_allowed());
    }
}

#[test]
fn whoever_has_no_account_raises_a_concern_and_does_nothing_else() {
    let somebody = Viewer::without_account();
    let now = "2026-01-14T10:00:00Z".parse().unwrap();
    for kind in Kind::ALL {
        let record = RecordFacts::of(kind);
        for action in kind.actions() {
            let allowed = may(&somebody, *action, &record, now).is_allowed();
            assert_eq!(
                allowed,
                *action == Action::RaiseConcern,
                "{action:?} {kind:?}"
            );
        }
    }
}

#[test]
fn the_nightly_duties_do_their_own_and_read_nothing() {
    let duties = Viewer::nightly_duties();
    let check = |kind, action, expected: bool| {
        let decision = may(&duties, action, &RecordFacts::of(kind), NOW);
        assert_eq!(decision.is_allowed(), expected, "{kind:?} {action:?}");
    };
    check(Kind::AllegationHead, Action::MoveAlertOn, true);
    check(Kind::AllegationHead, Action::ReadCase, false);
    check(Kind::PupilWelfare, Action::ReadCase, false);
    check(Kind::Backup, Action::RunBackup, true);
    check(Kind::Backup, Action::RestoreBackup, false);
    check(Kind::Account, Action::DisableAccount, true);
    check(Kind::Register, Action::ReadRegister, false);
}

#[test]
fn a_record_is_given_only_to_those_who_may_have_it() {
    let check = |posts: &[Post], kind, expected: Result<(), ShareRefused>| {
        let hats = Hats::new([Standing::Staff], posts.iter().copied());
        let given = may_receive(&Identity::of(ME), &hats, &RecordFacts::of(kind));
        assert_eq!(given, expected, "{posts:?} {kind:?}");
    };
    check(&[], Kind::PupilWelfare, Ok(()));
    check(
        &[],
        Kind::AllegationStaff,
        Err(ShareRefused::PostsNeverRead),
    );
    check(
        &[Post::NetworkManager],
        Kind::PupilWelfare,
        Err(ShareRefused::RunsTheSystem),
    );
    check(
        &[Post::NetworkManager, Post::PastoralLead],
        Kind::PupilWelfare,
        Ok(()),
    );
    check(&[Post::ViceChairOfGovernors], Kind::AllegationHead, Ok(()));
    check(
        &[Post::Headteacher],
        Kind::AllegationHead,
        Err(ShareRefused::PostsNeverRead),
    );
    let mut about_me = RecordFacts::of(Kind::PupilWelfare);
    about_me.close_to_subjects.push(ME);
    assert_eq!(
        may_receive(
            &Identity::of(ME),
            &Hats::new([Standing::Staff], []),
            &about_me
        ),
        Err(ShareRefused::CannotBeChosen)
    );
}

#[test]
fn who_owes_something_reaches_that_and_can_still_raise_a_concern() {
    let hats = Hats::new([Standing::Staff], [Post::DesignatedSafeguardingLead]);
    let check = |state, kind, action, expected: bool| {
        let record = related(kind, ME, Relation::Own);
        let decision = may(&viewer(&hats, state), action, &record, NOW);
        assert_eq!(decision.is_allowed(), expected, "{state:?} {action:?}");
    };
    check(
        AccountState::MustEnrol,
        Kind::NewConcern,
        Action::RaiseConcern,
        true,
    );
    check(
        AccountState::MustEnrol,
        Kind::Account,
        Action::UseOwnAccount,
        true,
    );
    check(
        AccountState::MustEnrol,
        Kind::PupilWelfare,
        Action::ReadCase,
        false,
    );
    check(
        AccountState::MustEnrol,
        Kind::Agreement,
        Action::SignAgreement,
        false,
    );
    check(
        AccountState::MustSign,
        Kind::NewConcern,
        Action::RaiseConcern,
        true,
    );
    check(
        AccountState::MustSign,
        Kind::Agreement,
        Action::SignAgreement,
        true,
    );
    check(
        AccountState::MustSign,
        Kind::PolicyDocument,
        Action::ReadPolicy,
        true,
    );
    check(
        AccountState::MustSign,
        Kind::Register,
        Action::ReadRegister,
        false,
    );
    check(
        AccountState::Locked,
        Kind::NewConcern,
        Action::RaiseConcern,
        false,
    );
}

fn any_hats() -> impl Strategy<Value = Hats> {
    let posts: Vec<Post> = Post::all().collect();
    let standings: Vec<Standing> = Standing::all().collect();
    (
        prop::collection::btree_set((prop::sample::select(posts), any::<bool>()), 0..6),
        prop::collection::btree_set(prop::sample::select(standings), 0..4),
    )
        .prop_map(|(posts, standings)| Hats {
            standings,
            posts: posts
                .into_iter()
                .map(|(post, deputy)| Held { post, deputy })
                .collect(),
        })
}

fn any_case() -> impl Strategy<Value = RecordFacts> {
    let cases: Vec<Kind> = Kind::ALL
        .into_iter()
        .filter(|kind| kind.is_case())
        .collect();
    any_record_of(cases)
}

fn any_record_of(kinds: Vec<Kind>) -> impl Strategy<Value = RecordFacts> {
    (
        prop::sample::select(kinds),
        prop::sample::subsequence(Relation::ALL.to_vec(), 0..=Relation::ALL.len()),
    )
        .prop_map(|(kind, relations)| {
            let mut record = RecordFacts::of(kind);
            for relation in relations {
                let one = related(kind, ME, relation);
                record.reporters.extend(one.reporters);
                record.owners.extend(one.owners);
                record.cohort.extend(one.cohort);
                record.in_charge.extend(one.in_charge);
                record.informed.extend(one.informed);
                record.grants.extend(one.grants);
            }
            record
        })
}

proptest! {
    #[test]
    fn a_subject_never_learns_of_the_record(
        hats in any_hats(),
        record in any_case(),
        by_alias: bool,
        close: bool,
    ) {
        let old = PersonId::new(77);
        let named = if by_alias { old } else { ME };
        let identity = Identity { person: ME, aliases: [old].into() };
        let mut record = record;
        if close { record.close_to_subjects.push(named) } else { record.subjects.push(named) }
        let viewer = Viewer::person(identity, &hats, AccountState::Active);
        for action in record.kind.actions() {
            prop_assert_eq!(may(&viewer, *action, &record, NOW), Decision::Hidden);
        }
    }

    #[test]
    fn another_hat_never_takes_a_right_away(
        hats in any_hats(),
        more in any_hats(),
        record in any_record_of(Kind::ALL.to_vec()),
    ) {
        let mut both = hats.clone();
        both.standings.extend(more.standings);
        both.posts.extend(more.posts);
        for action in record.kind.actions() {
            let before = may(&viewer(&hats, AccountState::Active), *action, &record, NOW);
            let after = may(&viewer(&both, AccountState::Active), *action, &record, NOW);
            prop_assert!(!before.is_allowed() || after.is_allowed(), "{action:?}");
            prop_assert!(before == Decision::Hidden || after != Decision::Hidden, "{action:?}");
        }
    }

    #[test]
    fn an_account_that_is_not_active_reaches_nothing(
        hats in any_hats(),
        record in any_record_of(Kind::ALL.to_vec()),
        state in prop::sample::select(vec![
            AccountState::Invited,
            AccountState::Pending,
            AccountState::Locked,
            AccountState::Expired,
            AccountState::Disabled,
        ]),
    ) {
        for action in record.kind.actions() {
            prop_assert!(!may(&viewer(&hats, state), *action, &record, NOW).is_allowed());
        }
    }

    #[test]
    fn whoever_can_sign_in_can_raise_a_concern(
        hats in any_hats(),
        state in prop::sample::select(vec![
            AccountState::Active,
            AccountState::MustEnrol,
            AccountState::MustSign,
        ]),
    ) {
        let concern = RecordFacts::of(Kind::NewConcern);
        prop_assert!(may(&viewer(&hats, state), Action::RaiseConcern, &concern, NOW).is_allowed());
    }

    #[test]
    fn those_who_only_run_the_system_read_no_case(record in any_case(), office: bool) {
        let posts = if office { vec![Post::NetworkManager, Post::SchoolOffice] } else { vec![Post::NetworkManager] };
        let technician = viewer(&Hats::new([Standing::Contractor], posts), AccountState::Active);
        prop_assert!(!may(&technician, Action::ReadCase, &record, NOW).is_allowed());
    }

    #[test]
    fn nobody_reads_a_case_by_a_post_alone_when_it_is_sealed(hats in any_hats()) {
        for kind in Kind::ALL.into_iter().filter(|kind| kind.is_sealed()) {
            let viewer = viewer(&hats, AccountState::Active);
            let decision = may(&viewer, Action::ReadCase, &RecordFacts::of(kind), NOW);
            prop_assert_eq!(decision, Decision::Hidden);
        }
    }
}

/// One thing that may befall a record or the person it is about. Each act on a case is named,
/// also those that change nothing of who may reach it: that is what is shown.
#[derive(Debug, Clone)]
enum Befalls {
    /// They get these hats, as by a promotion, or by standing in for somebody who is away.
    Hats(Hats),
    /// Their entry is folded into another, or another into theirs.
    PersonMerged(u128),
    /// Somebody is added who is close to them.
    Near(u128),
    /// The record becomes another kind of case, as by a triage or a lowering.
    Kind(Kind),
    /// A route tells them of it, first or for information, or the alert moves on to them.
    Told(Relation),
    Shared,
    Delegated,
    HandedOver,
    EmergencySight,
    /// Whoever was given it has it no more.
    GrantsEnded,
    /// Another case, in which they may stand any way but as a subject, is merged into this one.
    CaseMerged(Vec<Relation>),
    /// What came with the last merge goes again.
    CaseSeparated,
    /// It is linked with a case that they read.
    Linked,
    /// Acts that write in the case and change nothing of who may reach it.
    Written(Writes),
    /// Somebody who may reads, searches or takes out what the case holds.
    Taken(Takes),
}

#[derive(Debug, Clone, Copy)]
enum Writes {
    Assignment,
    Sanction,
    Support,
    Lesson,
    Investigation,
    Evidence,
    Triage,
    Closure,
    Reopening,
}

#[derive(Debug, Clone, Copy)]
enum Takes {
    Search,
    Export,
    Opening,
}

fn any_befalls() -> impl Strategy<Value = Befalls> {
    let cases: Vec<Kind> = Kind::ALL
        .into_iter()
        .filter(|kind| kind.is_case())
        .collect();
    let stands = Relation::ALL.to_vec();
    prop_oneof![
        any_hats().prop_map(Befalls::Hats),
        (100_u128..110).prop_map(Befalls::PersonMerged),
        (200_u128..210).prop_map(Befalls::Near),
        prop::sample::select(cases).prop_map(Befalls::Kind),
        prop::sample::select(stands.clone()).prop_map(Befalls::Told),
        Just(Befalls::Shared),
        Just(Befalls::Delegated),
        Just(Befalls::HandedOver),
        Just(Befalls::EmergencySight),
        Just(Befalls::GrantsEnded),
        prop::sample::subsequence(stands, 0..=Relation::ALL.len()).prop_map(Befalls::CaseMerged),
        Just(Befalls::CaseSeparated),
        Just(Befalls::Linked),
        prop::sample::select(vec![
            Writes::Assignment,
            Writes::Sanction,
            Writes::Support,
            Writes::Lesson,
            Writes::Investigation,
            Writes::Evidence,
            Writes::Triage,
            Writes::Closure,
            Writes::Reopening,
        ])
        .prop_map(Befalls::Written),
        prop::sample::select(vec![Takes::Search, Takes::Export, Takes::Opening])
            .prop_map(Befalls::Taken),
    ]
}

/// A case and its subject, as the acts leave them.
#[derive(Debug, Clone)]
struct Story {
    hats: Hats,
    identity: Identity,
    record: RecordFacts,
    /// What the record was before it was merged with others, the last on top.
    before_merges: Vec<RecordFacts>,
}

impl Story {
    fn of(kind: Kind) -> Self {
        let mut record = RecordFacts::of(kind);
        record.subjects.push(ME);
        Self {
            hats: Hats::new([Standing::Staff], []),
            identity: Identity::of(ME),
            record,
            before_merges: Vec::new(),
        }
    }

    fn stands(&mut self, relation: Relation) {
        let one = related(self.record.kind, self.identity.person, relation);
        self.record.reporters.extend(one.reporters);
        self.record.owners.extend(one.owners);
        self.record.cohort.extend(one.cohort);
        self.record.in_charge.extend(one.in_charge);
        self.record.informed.extend(one.informed);
        self.record.named_deputies.extend(one.named_deputies);
        self.record.grants.extend(one.grants);
    }

    fn befalls(&mut self, step: Befalls) {
        match step {
            Befalls::Hats(more) => {
                self.hats.standings.extend(more.standings);
                self.hats.posts.extend(more.posts);
            }
            Befalls::PersonMerged(id) => {
                let kept = PersonId::new(id);
                self.identity.aliases.insert(self.identity.person);
                self.identity.person = kept;
            }
            Befalls::Near(id) => self.record.close_to_subjects.push(PersonId::new(id)),
            Befalls::Kind(kind) => self.record.kind = kind,
            Befalls::Told(relation) => self.stands(relation),
            Befalls::Shared => self.stands(Relation::Shared),
            Befalls::Delegated => self.stands(Relation::Delegated),
            Befalls::HandedOver => self.stands(Relation::HandedOver),
            Befalls::EmergencySight => self.stands(Relation::BreakGlass),
            Befalls::GrantsEnded => self.record.grants.clear(),
            Befalls::CaseMerged(relations) => {
                self.before_merges.push(self.record.clone());
                for relation in relations {
                    self.stands(relation);
                }
            }
            Befalls::CaseSeparated => {
                if let Some(before) = self.before_merges.pop() {
                    self.record = before;
                }
            }
            // The other case keeps its own readers, and this one its own.
            Befalls::Linked => {}
            Befalls::Written(what) => match what {
                Writes::Assignment
                | Writes::Sanction
                | Writes::Support
                | Writes::Lesson
                | Writes::Investigation
                | Writes::Evidence
                | Writes::Triage
                | Writes::Closure
                | Writes::Reopening => {}
            },
            Befalls::Taken(how) => match how {
                Takes::Search | Takes::Export | Takes::Opening => {}
            },
        }
    }
}

proptest! {
    #[test]
    fn no_sequence_of_acts_gives_a_subject_sight_of_the_record(
        kind in prop::sample::select(
            Kind::ALL.into_iter().filter(|kind| kind.is_case()).collect::<Vec<_>>()
        ),
        steps in prop::collection::vec(any_befalls(), 0..32),
    ) {
        let mut story = Story::of(kind);
        for step in steps {
            story.befalls(step.clone());
            let viewer = Viewer::person(story.identity.clone(), &story.hats, AccountState::Active);
            for action in story.record.kind.actions() {
                prop_assert_eq!(
                    may(&viewer, *action, &story.record, NOW),
                    Decision::Hidden,
                    "{:?} after {:?}", action, step
                );
            }
            // Nor can anybody give it to them.
            for how in Relation::ALL {
                prop_assert_eq!(
                    may_be_given(&story.identity, &story.hats, &story.record, how),
                    Err(ShareRefused::CannotBeChosen)
                );
            }
        }
    }
}

#[test]
fn whoever_runs_the_filter_loses_it_and_its_log_while_a_case_about_them_is_dealt_with() {
    let kinds = [Kind::Approval, Kind::Filter, Kind::FilterLog, Kind::Journal];
    let person = Identity::of(ME);
    let now = NOW;
    for role in Role::ALL {
        let open = Viewer::in_role(person.clone(), role);
        let withheld = open.clone().withheld(true);
        for kind in kinds {
            let record = RecordFacts::of(kind);
            for action in kind.actions() {
                let before = may(&open, *action, &record, now);
                let after = may(&withheld, *action, &record, now);
                if can_be_withheld(*action) {
                    assert!(!after.is_allowed(), "{role:?} {action:?}");
                    // They hear what anybody hears whose posts do not allow it.
                    let known = kind
                        .seen_by()
                        .is_none_or(|seen| may(&open, seen, &record, now).is_allowed());
                    if known {
                        assert_eq!(after, Decision::Refused(WhyNot::RoleMayNot));
                    }
                } else {
                    assert_eq!(after, before, "{role:?} {action:?}");
                }
            }
        }
    }
    let technician = Viewer::in_role(person, Role::Technician);
    let apply = |viewer: &Viewer| {
        may(
            viewer,
            Action::ApplyApproval,
            &RecordFacts::of(Kind::Approval),
            now,
        )
        .is_allowed()
    };
    assert!(apply(&technician));
    assert!(!apply(&technician.withheld(true)));
}
