//! Opening a case from a report: the words are kept, the case is opened, both are sealed
//! to those who may read them, and whoever the policy names is told. Every way of
//! reporting ends here.

use std::collections::BTreeSet;

use belisha_policy::{About, Measure, Word as _};
use belisha_rules::access::{self, Kind};
use belisha_rules::calendar::{Deadline, SchoolCalendar};
use belisha_rules::ids::{IncidentId, PersonId, ReportId};
use belisha_rules::routing::{self as law, GapReason, NoRoute, Plan, Tier};
use jiff::Timestamp;

use super::answers::{self, GivenCode};
use super::report::{Report, Source};
use crate::db::sql;
use crate::entries::{Entry, EntryKind};
use crate::incidents::queries::{self, object, report_object};
use crate::incidents::routing::{self, Asked, Planned};
use crate::incidents::words::{Part, kind_key};
use crate::incidents::{categories, guidance, reference};
use crate::notices::{self, NoticeKind};
use crate::people::hats;
use crate::problem::Problem;
use crate::records;
use crate::tx::Tx;

/// What a plan comes to, where there is one and where nobody is left to be told.
struct Opened {
    about: About,
    kind: Kind,
    tier: Tier,
    plan: Option<Plan>,
    gaps: Vec<law::Gap>,
}

/// Opens a case from a report, in the transaction of whoever sends it. The caller has
/// asked whether they may, and has remembered the submission.
pub(crate) async fn open(
    tx: &mut Tx,
    report: &Report,
    source: &Source,
    id: ReportId,
    code: Option<&GivenCode>,
) -> Result<Entry, Problem> {
    let (school, now) = (tx.school().clone(), tx.now());
    let planned = routing::plan(tx, &school, &Asked::of(report, source.from, now)).await?;
    let Planned {
        plan,
        routes,
        calendar,
        besides,
        ..
    } = planned;
    let opened = Opened::of(plan);
    let route = law::route_for(opened.about, &routes);
    let is_late = route.is_some_and(|route| {
        // Where only the day is known, its end is taken: nobody is late by our guess.
        let happened_at = report.happened_at.unwrap_or_else(|| {
            calendar
                .passes_at(Deadline::EndOf(report.happened_on))
                .min(now)
        });
        law::is_late(route, happened_at, now, &calendar)
    });
    let moves_on_after = route.map_or(Measure::Hours(1), |route| route.moves_on_after);
    let acknowledge_by = calendar.passes_at(calendar.due(now, moves_on_after));

    let incident: IncidentId = tx.new_id();
    insert_incident(tx, incident, &opened, report, acknowledge_by, is_late).await?;
    let readers = opened.readers();
    // A reader who has no key yet is found by comparing readers with keys; see the readers' page.
    let (case, _) = records::create(tx, &object(incident), &opened.keys(&readers, None)).await?;
    let (words, _) = records::create(
        tx,
        &report_object(id),
        &opened.keys(&readers, source.reporter),
    )
    .await?;
    insert_report(tx, &words, id, incident, report, source).await?;
    insert_people(tx, incident, report, source.reporter).await?;
    insert_readers(tx, incident, &opened).await?;
    categories::add(tx, incident, &report.categories, None).await?;
    categories::add_services(tx, incident, &report.services).await?;
    if let Some(plan) = &opened.plan {
        insert_tasks(tx, &case, incident, plan, &calendar).await?;
        let urgent = report.counts_as_at_risk()
            || route.is_some_and(|route| route.within == Measure::AtOnce);
        for told in &plan.first {
            tell(
                tx,
                told.person,
                NoticeKind::IncidentForYou,
                incident,
                urgent,
            )
            .await?;
        }
        for told in &plan.copies {
            tell(tx, told.person, NoticeKind::IncidentCopied, incident, false).await?;
        }
    }
    if let Some(chosen) = source.chosen {
        tell_chosen(tx, incident, report, chosen).await?;
    }
    if let Some(code) = code {
        answers::keep_code(tx, id, &opened.keys(&readers, None), code, &calendar).await?;
    }
    if besides.technical && !opened.kind.is_sealed() {
        super::technical::tell(tx, report).await?;
    }
    let payload = case.seal(
        &school,
        "entry",
        tx.next_sequence(),
        &format!(
            "kind={} about={} readers={}",
            kind_key(opened.kind),
            opened.about.key(),
            readers.len()
        ),
    );
    Ok(Entry::of(EntryKind::IncidentReported, object(incident))
        .fact("report", id)
        .fact("channel", source.channel.key())
        .sealed(payload))
}

/// Lets the adult know whom a child chose, where they may read a case of this kind and
/// are no subject of it. Where they may not, nothing says so: the child is answered by
/// whoever the policy names.
async fn tell_chosen(
    tx: &mut Tx,
    incident: IncidentId,
    report: &Report,
    chosen: PersonId,
) -> Result<(), Problem> {
    let (now, today) = (tx.now(), tx.today());
    let case = queries::find(tx, incident)
        .await?
        .ok_or(Problem::NotFound)?;
    let worn = hats::of(tx, chosen, today).await?;
    let kept_out: BTreeSet<PersonId> = report.kept_out().into_iter().collect();
    if case.kind.is_sealed()
        || worn.identity.is_among(&kept_out)
        || access::may_receive(&worn.identity, &worn.hats, &case.facts).is_err()
    {
        return Ok(());
    }
    let person = worn.identity.person;
    if case
        .readers
        .iter()
        .any(|reading| reading.person == person && reading.why != "next")
    {
        return Ok(());
    }
    tx.run(
        sql("insert into incident_reader (incident, person, why, stage, from_at, until_at, given_by)
             values ($1, $2, 'shared', 0, $3, null, 'system:tell')
             on conflict (incident, person, why) do nothing")
        .bind(incident.to_string())
        .bind(person.to_string())
        .bind(now),
    )
    .await?;
    tell(tx, person, NoticeKind::IncidentCopied, incident, true).await
}

async fn tell(
    tx: &mut Tx,
    person: PersonId,
    kind: NoticeKind,
    incident: IncidentId,
    urgent: bool,
) -> Result<(), Problem> {
    notices::tell(tx, person, kind, &object(incident), urgent).await
}

impl Opened {
    fn of(plan: Result<Plan, NoRoute>) -> Self {
        match plan {
            Ok(plan) => Self {
                about: plan.about,
                kind: plan.kind,
                tier: plan.tier,
                gaps: plan.gaps.clone(),
                plan: Some(plan),
            },
            Err(none) => {
                let kind = law::kind_of(none.about);
                Self {
                    about: none.about,
                    kind,
                    tier: if kind.is_sealed() {
                        Tier::Sealed
                    } else {
                        Tier::School
                    },
                    plan: None,
                    gaps: none.gaps,
                }
            }
        }
    }

    /// Who holds the key of a record: the school, or these persons alone.
    fn keys(&self, readers: &[PersonId], reporter: Option<PersonId>) -> records::Tier {
        match self.tier {
            Tier::School => records::Tier::School,
            Tier::Sealed => {
                records::Tier::Persons(readers.iter().copied().chain(reporter).collect())
            }
        }
    }

    /// Everybody who may ever be told, each once.
    fn readers(&self) -> Vec<PersonId> {
        let mut readers: Vec<PersonId> = self
            .plan
            .iter()
            .flat_map(Plan::everybody)
            .map(|told| told.person)
            .collect();
        readers.sort_unstable();
        readers.dedup();
        readers
    }
}

async fn insert_incident(
    tx: &mut Tx,
    id: IncidentId,
    opened: &Opened,
    report: &Report,
    acknowledge_by: Timestamp,
    is_late: bool,
) -> Result<(), Problem> {
    let now = tx.now();
    let reference = reference::new(tx.random());
    let version = tx.school().clone().in_force(tx).await?.id.to_string();
    let moves_on_at = opened
        .plan
        .as_ref()
        .and_then(|plan| plan.escalation.first())
        .map(|step| step.at);
    tx.run_one(
        sql("insert into incident (id, reference, kind, about, state, opened_at, policy_version,
                                   guidance, revision, sealed_title, risk, category, acknowledge_by,
                                   acknowledged_at, acknowledged_by, stage, moves_on_at, late, is_open)
             values ($1, $2, $3, $4, 'reported', $5, $6, $7, 1, null, $8, '', $9, null, null, 0, $10,
                     $11, true)")
        .bind(id.to_string())
        .bind(reference)
        .bind(kind_key(opened.kind))
        .bind(opened.about.key())
        .bind(now)
        .bind(version)
        .bind(&guidance::newest().key)
        .bind(report.at_risk.key())
        .bind(acknowledge_by)
        .bind(moves_on_at)
        .bind(is_late),
    )
    .await?;
    for gap in &opened.gaps {
        let why = match gap.why {
            GapReason::Empty => "empty",
            GapReason::Excluded => "excluded",
            GapReason::NeverReads => "never-reads",
        };
        tx.run(
            sql(
                "insert into incident_gap (incident, post, why) values ($1, $2, $3)
                 on conflict (incident, post) do nothing",
            )
            .bind(id.to_string())
            .bind(gap.post.key())
            .bind(why),
        )
        .await?;
    }
    Ok(())
}

async fn insert_report(
    tx: &mut Tx,
    record: &records::OpenRecord,
    id: ReportId,
    incident: IncidentId,
    report: &Report,
    source: &Source,
) -> Result<(), Problem> {
    let (school, now) = (tx.school().clone(), tx.now());
    let seal = |field: &str, text: &str| record.seal(&school, field, 0, text);
    let others: Vec<String> = report
        .others
        .iter()
        .map(|(name, part)| format!("{name} {}", part.name()))
        .collect();
    tx.run_one(
        sql("insert into report (id, incident, reporter, channel, happened_at, happened_on, reported_at,
                                 at_risk, told_lead, sealed_words, sealed_place, sealed_knows_how,
                                 sealed_others, audience, how_known, sealed_from)
             values ($1, $2, $3, $13, $4, $5, $6, $7, $8, $9, $10, $11, $12, $14, $15, $16)")
        .bind(id.to_string())
        .bind(incident.to_string())
        .bind(source.reporter.map(|person| person.to_string()))
        .bind(report.happened_at)
        .bind(report.happened_on)
        .bind(now)
        .bind(report.counts_as_at_risk())
        .bind(if report.told_lead { "yes" } else { "no" })
        .bind(seal("words", &report.words))
        .bind(seal("place", &report.place))
        .bind(seal("knows-how", &report.knows_how))
        .bind(seal("others", &others.join("\n")))
        .bind(source.channel.key())
        .bind(source.from.key())
        .bind(report.how.map_or("", |how| how.key()))
        .bind(seal("from", &source.named)),
    )
    .await
}

async fn insert_people(
    tx: &mut Tx,
    incident: IncidentId,
    report: &Report,
    reporter: Option<PersonId>,
) -> Result<(), Problem> {
    let (now, by) = (tx.now(), tx.actor().key());
    let mut all = report.people.clone();
    all.extend(reporter.map(|person| (person, Part::Reporter)));
    for (person, part) in all {
        let row = tx.school().new_row_id();
        tx.run_one(
            sql("insert into incident_person (id, incident, person, part, added_at, added_by, removed_at)
                 values ($1, $2, $3, $4, $5, $6, null)")
            .bind(row)
            .bind(incident.to_string())
            .bind(person.to_string())
            .bind(part.key())
            .bind(now)
            .bind(&by),
        )
        .await?;
    }
    Ok(())
}

async fn insert_readers(tx: &mut Tx, incident: IncidentId, opened: &Opened) -> Result<(), Problem> {
    let Some(plan) = &opened.plan else {
        return Ok(());
    };
    let now = tx.now();
    let first = plan.first.iter().map(|told| (told.person, "first", 0, now));
    let copies = plan.copies.iter().map(|told| (told.person, "copy", 0, now));
    let next = plan.escalation.iter().zip(1..).flat_map(|(step, stage)| {
        step.tell
            .iter()
            .map(move |told| (told.person, "next", stage, step.at))
    });
    let told: Vec<(PersonId, &str, i64, Timestamp)> = first.chain(copies).chain(next).collect();
    for (person, why, stage, from_at) in told {
        tx.run(
            sql("insert into incident_reader (incident, person, why, stage, from_at, until_at, given_by)
                 values ($1, $2, $3, $4, $5, null, 'system:route')
                 on conflict (incident, person, why) do nothing")
            .bind(incident.to_string())
            .bind(person.to_string())
            .bind(why)
            .bind(stage)
            .bind(from_at),
        )
        .await?;
    }
    Ok(())
}

/// The tasks that the route demands: to contact the local authority designated officer,
/// and what is done at once where the subject keeps the logs.
async fn insert_tasks(
    tx: &mut Tx,
    record: &records::OpenRecord,
    incident: IncidentId,
    plan: &Plan,
    calendar: &SchoolCalendar,
) -> Result<(), Problem> {
    let Some(owner) = plan.first.first() else {
        return Ok(());
    };
    let contact = plan.contact_due.map(|due| {
        let due_on = match due {
            Deadline::EndOf(date) => date,
            Deadline::At(instant) => calendar.date_of(instant),
        };
        let words = "Contact the local authority designated officer and record what was advised.";
        ("designated-officer", due_on, words)
    });
    let at_once = law::at_once(plan.about).map(|words| ("at-once", tx.today(), words));
    for (kind, due_on, words) in contact.into_iter().chain(at_once) {
        let (school, now, id) = (tx.school().clone(), tx.now(), tx.school().new_row_id());
        let sealed = record.seal(&school, &format!("action-{id}"), 0, words);
        tx.run_one(
            sql("insert into incident_action (id, incident, owner, due_on, made_at, made_by, sealed_words,
                                              kind, done_at, done_by, sealed_outcome)
                 values ($1, $2, $3, $4, $5, 'system:route', $6, $7, null, null, null)")
            .bind(id)
            .bind(incident.to_string())
            .bind(owner.person.to_string())
            .bind(due_on)
            .bind(now)
            .bind(sealed)
            .bind(kind),
        )
        .await?;
    }
    Ok(())
}
