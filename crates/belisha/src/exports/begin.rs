//! The first step of a pack: what it is for, for whom and why.

use belisha_policy::Word as _;
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_rules::ids::{ExportId, IncidentId, PersonId};
use belisha_ui::{Choice, Details, Html, InsetText, Label, Radios, TextInput, Textarea};
use serde::Deserialize;

use super::gather::{self, Gathered, Which};
use super::pack::{Pack, may_have, not_about_oneself, object, written};
use super::step_url;
use super::words::{Column, Purpose};
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind};
use crate::incidents::queries::{self, Case};
use crate::problem::Problem;
use crate::records::{self, Tier};
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::act::{Act, ActPage};
use crate::web::wrong::Wrong;

/// Whether a page of a case offers a pack.
pub(crate) fn may_begin_for_case(viewer: &Viewer, case: &Case) -> bool {
    case.allows(viewer, Action::ExportCase)
}

/// Whether the list of packs is offered: to whoever may export a case of some kind. By
/// role alone, so that nobody learns from it whether there is one.
pub(crate) fn may_have_any(viewer: &Viewer) -> bool {
    exports_pupils(viewer) || exports_adults(viewer)
}

/// Whether a page of a person offers a pack: of a pupil to whoever may export pupils'
/// cases, of an adult also to whoever may hold a case about one.
pub(crate) fn may_begin_for_person(viewer: &Viewer, person: PersonId, is_pupil: bool) -> bool {
    not_about_oneself(viewer, person).is_ok()
        && (exports_pupils(viewer) || (!is_pupil && exports_adults(viewer)))
}

fn exports_pupils(viewer: &Viewer) -> bool {
    [Kind::PupilWelfare, Kind::ChildProtection]
        .into_iter()
        .any(|kind| {
            viewer
                .may(Action::ExportCase, &RecordFacts::of(kind))
                .is_allowed()
        })
}

/// As if a case about an adult had come to them.
fn exports_adults(viewer: &Viewer) -> bool {
    [
        Kind::AllegationStaff,
        Kind::AllegationHead,
        Kind::AllegationChair,
    ]
    .into_iter()
    .any(|kind| {
        let facts = RecordFacts {
            in_charge: vec![viewer.person],
            ..RecordFacts::of(kind)
        };
        viewer.may(Action::ExportCase, &facts).is_allowed()
    })
}

/// What a pack for somebody who asked what is held about them leaves out, and why. It
/// stands where the pack is begun, where it is read, and in the pack.
pub(super) const LEFT_OUT: [&str; 5] = [
    "Records that whoever makes it may not export. Whoever holds such a record answers for it.",
    "Files of a case that may be about an indecent image of a child. No such image is kept at all.",
    "Names of other people, and of whoever raised a concern about an adult, unless they are shown by \
     choice (Data Protection Act 2018, schedule 2, paragraph 16).",
    "What was held back by hand, each with its ground: serious harm (schedule 3), crime (schedule 2, \
     paragraph 2), a lawyer’s advice (schedule 2, paragraph 19).",
    "Lines of the journal about other people or about cases. What the person did is told by how often and when.",
];

/// The same as a page shows it.
pub(super) fn left_out() -> Html {
    let lines: String = LEFT_OUT
        .iter()
        .map(|line| format!("<li>{}</li>", Html::from(*line)))
        .collect();
    Html::of(&Details::new(
        "What is left out, and why",
        Html::trusted(format!("<ul>{lines}</ul>")),
    ))
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {
    purpose: String,
    recipient: String,
    organisation: String,
    reason: String,
}

/// What the form says.
pub(super) struct Said {
    purpose: Purpose,
    recipient: String,
    organisation: String,
    reason: String,
}

fn page(
    viewer: &Viewer,
    back: String,
    caption: String,
    purposes: &[Purpose],
    form: &Form,
    wrong: &Wrong,
) -> ActPage {
    let mut page = ActPage::new(
        viewer,
        back,
        caption,
        "Make a pack to leave the school",
        "Continue",
    );
    page.lead = Html::of(&InsetText::new(
        "It holds no more than you may read yourself. Nothing leaves before you have seen every word of it.",
    ));
    if purposes.contains(&Purpose::SubjectAccess) {
        page.lead = Html::join(&[page.lead, left_out()]);
    }
    page.fields = vec![
        Html::of(&Radios {
            error: wrong.at("purpose"),
            chosen: (!form.purpose.is_empty()).then(|| form.purpose.clone()),
            ..Radios::new(
                "purpose",
                Label::medium("What is it for?"),
                purposes
                    .iter()
                    .map(|purpose| {
                        Choice::new(purpose.key(), crate::web::words::capital(purpose.name()))
                    })
                    .collect(),
            )
        }),
        Html::of(&TextInput {
            value: form.recipient.clone(),
            error: wrong.at("recipient"),
            hint: Some("The person who will have it, by name".into()),
            spellcheck: Some(false),
            ..TextInput::new("recipient", "Who is it for?")
        }),
        Html::of(&TextInput {
            value: form.organisation.clone(),
            error: wrong.at("organisation"),
            hint: Some("A school, an agency, or “family”".into()),
            ..TextInput::new("organisation", "Of which organisation?")
        }),
        Html::of(&Textarea {
            value: form.reason.clone(),
            error: wrong.at("reason"),
            rows: 3,
            hint: Some("It stands on every page of the pack, and your name with it.".into()),
            ..Textarea::new("reason", Label::medium("Why do they need it?"))
        }),
    ];
    page
}

fn read(purposes: &[Purpose], form: &Form, wrong: &mut Wrong) -> Option<Said> {
    let purpose = Purpose::from_key(&form.purpose).filter(|purpose| purposes.contains(purpose));
    if purpose.is_none() {
        wrong.say("purpose", "Choose what it is for");
    }
    let short = |field: &str, value: &str, says: &str, wrong: &mut Wrong| {
        let text = wrong.text(field, value, says)?;
        if text.chars().count() > 200 {
            wrong.say(field, "Shorten this to 200 characters");
            return None;
        }
        Some(text)
    };
    let recipient = short(
        "recipient",
        &form.recipient,
        "Name the person who will have it",
        wrong,
    );
    let organisation = short(
        "organisation",
        &form.organisation,
        "Say which organisation they are of",
        wrong,
    );
    let reason = short("reason", &form.reason, "Say why they need it", wrong);
    Some(Said {
        purpose: purpose?,
        recipient: recipient?,
        organisation: organisation?,
        reason: reason?,
    })
}

/// A pack about one case.
pub(super) struct OfCase {
    id: ExportId,
    case: Case,
}

const OF_CASE: &[Purpose] = &[Purpose::Chronology, Purpose::Recorder];

impl Act for OfCase {
    type At = IncidentId;
    type Form = Form;
    type Read = Said;

    async fn load(
        records: &mut Connection,
        viewer: &Viewer,
        id: IncidentId,
    ) -> Result<Self, Problem> {
        let case = queries::load(records, viewer, id).await?;
        viewer.require(Action::ExportCase, &case.facts)?;
        Ok(Self {
            id: viewer.school.new_id(),
            case,
        })
    }

    fn page(&self, viewer: &Viewer, form: &Form, wrong: &Wrong) -> ActPage {
        let caption = format!("Case {}", self.case.reference);
        let back = crate::incidents::case::url(self.case.id);
        page(viewer, back, caption, OF_CASE, form, wrong)
    }

    async fn read(
        &mut self,
        _: &mut Connection,
        _: &Viewer,
        form: &Form,
        wrong: &mut Wrong,
    ) -> Result<Option<Said>, Problem> {
        Ok(read(OF_CASE, form, wrong))
    }

    async fn act(self, tx: &mut Tx, viewer: &Viewer, said: Said) -> Result<Entry, Problem> {
        may_have(viewer, &self.case)?;
        let about = queries::object(self.case.id).as_str().to_owned();
        let named = format!("Case {}", self.case.reference);
        let tier = if self.case.kind.is_sealed() {
            // What is sealed to persons stays so, also in a draft.
            Tier::Persons(vec![viewer.person])
        } else {
            Tier::School
        };
        let cases = [self.case];
        let gathered = gather::cases(tx, viewer, &cases, None).await?;
        let ids: Vec<IncidentId> = cases.iter().map(|case| case.id).collect();
        begin(tx, self.id, &about, named, &ids, &tier, said, gathered).await
    }

    fn leads_to(&self) -> String {
        step_url(self.id, "masking")
    }
}

/// A pack about one person.
pub(super) struct OfPerson {
    id: ExportId,
    person: PersonId,
    name: String,
    is_pupil: bool,
}

const OF_PUPIL: &[Purpose] = &[
    Purpose::Chronology,
    Purpose::Transfer,
    Purpose::Recorder,
    Purpose::SubjectAccess,
];
const OF_ADULT: &[Purpose] = &[Purpose::SubjectAccess];

impl OfPerson {
    fn purposes(&self) -> &'static [Purpose] {
        if self.is_pupil { OF_PUPIL } else { OF_ADULT }
    }
}

impl Act for OfPerson {
    type At = PersonId;
    type Form = Form;
    type Read = Said;

    async fn load(
        records: &mut Connection,
        viewer: &Viewer,
        person: PersonId,
    ) -> Result<Self, Problem> {
        let row = sql("select name, standing from person where id = $1 and merged_into is null")
            .bind(person.to_string())
            .optional(records)
            .await?
            .ok_or(Problem::NotFound)?;
        let is_pupil = row.get::<String>("standing")? == belisha_policy::Standing::Pupil.key();
        if !may_begin_for_person(viewer, person, is_pupil) {
            return Err(Problem::NotFound);
        }
        Ok(Self {
            id: viewer.school.new_id(),
            person,
            name: row.get("name")?,
            is_pupil,
        })
    }

    fn page(&self, viewer: &Viewer, form: &Form, wrong: &Wrong) -> ActPage {
        let back = crate::people::person::url(self.person);
        page(
            viewer,
            back,
            self.name.clone(),
            self.purposes(),
            form,
            wrong,
        )
    }

    async fn read(
        &mut self,
        _: &mut Connection,
        _: &Viewer,
        form: &Form,
        wrong: &mut Wrong,
    ) -> Result<Option<Said>, Problem> {
        Ok(read(self.purposes(), form, wrong))
    }

    async fn act(self, tx: &mut Tx, viewer: &Viewer, said: Said) -> Result<Entry, Problem> {
        let (about_them, which) = match said.purpose {
            Purpose::SubjectAccess => (true, Which::All),
            Purpose::Chronology | Purpose::Transfer | Purpose::Recorder => (false, Which::OfPupils),
        };
        let cases = gather::cases_of(tx, viewer, self.person, which).await?;
        let mut gathered = gather::cases(tx, viewer, &cases, Some(self.person)).await?;
        let mut ids: Vec<IncidentId> = cases.iter().map(|case| case.id).collect();
        let mut sealed = cases.iter().any(|case| case.kind.is_sealed());
        if about_them {
            let register = gather::register(tx, viewer, self.person).await?;
            gathered.items.splice(0..0, register);
            let (sent, more) = gather::reports_by(tx, viewer, self.person, &ids).await?;
            gathered.items.extend(sent);
            for case in &more {
                sealed |= queries::load(tx, viewer, *case).await?.kind.is_sealed();
            }
            ids.extend(more);
        }
        if gathered.items.is_empty() {
            return Err(Problem::refused(
                "There is nothing to put into this pack",
                "You may export no case in which this person is involved. If there should be one, ask the \
                 designated safeguarding lead.",
            ));
        }
        let tier = if sealed {
            // What is sealed to persons stays so, also in a draft.
            Tier::Persons(vec![viewer.person])
        } else {
            Tier::School
        };
        let about = format!("person:{}", self.person);
        begin(tx, self.id, &about, self.name, &ids, &tier, said, gathered).await
    }

    fn leads_to(&self) -> String {
        step_url(self.id, "masking")
    }
}

#[expect(
    clippy::too_many_arguments,
    reason = "what the two ways to begin have found, each once"
)]
async fn begin(
    tx: &mut Tx,
    id: ExportId,
    about: &str,
    named: String,
    cases: &[IncidentId],
    tier: &Tier,
    said: Said,
    gathered: Gathered,
) -> Result<Entry, Problem> {
    let mut pack = Pack {
        about: named,
        recipient: said.recipient,
        organisation: said.organisation,
        reason: said.reason,
        people: gathered.people,
        items: gathered.items,
        files: gathered.files,
        columns: Column::all()
            .map(|column| (column.key().to_owned(), column.name().to_owned()))
            .collect(),
    };
    pack.mask();
    let (record, _) = records::create(tx, &object(id), tier).await?;
    let school = tx.school().clone();
    let sealed = record.seal(&school, "pack", 1, &written(id, &pack)?);
    let (now, by) = (tx.now(), tx.actor().key());
    tx.run_one(
        sql("insert into export (id, purpose, about, state, revision, begun_at, begun_by, masked_at, checked_at,
                                 finished_at, sealed_pack, sealed_finished, receipt_due_on, chased_at,
                                 received_on, sealed_receipt)
             values ($1, $2, $3, 'draft', 1, $4, $5, null, null, null, $6, null, null, null, null, null)")
        .bind(id.to_string())
        .bind(said.purpose.key())
        .bind(about)
        .bind(now)
        .bind(by)
        .bind(sealed),
    )
    .await?;
    for case in cases {
        tx.run_one(
            sql("insert into export_case (export, incident) values ($1, $2)")
                .bind(id.to_string())
                .bind(case.to_string()),
        )
        .await?;
    }
    Ok(Entry::of(EntryKind::ExportBegun, entry_object(id, cases))
        .fact("export", id)
        .fact("purpose", said.purpose.key()))
}

/// What an entry about a pack names: the case where it holds one, so that whoever may not
/// know of the case finds no line of it; the pack itself where it holds several or none.
pub(super) fn entry_object(id: ExportId, cases: &[IncidentId]) -> crate::entries::Object {
    match cases {
        [only] => queries::object(*only),
        _ => object(id),
    }
}
