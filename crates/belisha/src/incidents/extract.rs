//! An extract of the journal about an adult who is the subject of a concern: when they were
//! signed in, what they asked for and were allowed. It can clear somebody, and anybody can
//! check it against the journal, whose numbers it names. Nothing in it is about a case.

use belisha_policy::Word as _;
use belisha_rules::access::Action;
use belisha_rules::ids::{IncidentId, PersonId};
use belisha_rules::incidents::respond;
use belisha_ui::{DateInput, Html, Label, Select};
use jiff::ToSpan as _;
use jiff::civil::{Date, Time};
use serde::Deserialize;

use super::act_page::{Act, ActPage, Wrong};
use super::queries::{self, Case, object, settle};
use super::words::Part;
use super::{case, entry, giving, times};
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind};
use crate::people::hats;
use crate::problem::{Fault, Problem};
use crate::records;
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::words::{moment_at, read_date};

pub(super) fn url(id: IncidentId) -> String {
    format!("/incidents/{id}/extract")
}

/// More lines than this are nobody's reading: fewer days are asked for.
const LINES_AT_MOST: usize = 1_000;

/// The attaching of an extract to one case.
pub(super) struct Extract {
    case: Case,
    subjects: Vec<(PersonId, String)>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(super) struct Form {
    person: String,
    from_day: String,
    from_month: String,
    from_year: String,
    until_day: String,
    until_month: String,
    until_year: String,
}

/// The lines, in words, and how many there are.
pub(super) struct Drawn {
    words: String,
    lines: usize,
}

/// Whether an extract may be attached: to a concern about an adult, by whoever works on it.
pub(super) fn is_offered(found: &Case, viewer: &Viewer) -> bool {
    found.kind.is_sealed() && found.allows(viewer, Action::Triage)
}

impl Act for Extract {
    type At = IncidentId;
    type Form = Form;
    type Read = Drawn;

    async fn load(
        records: &mut Connection,
        viewer: &Viewer,
        id: IncidentId,
    ) -> Result<Self, Problem> {
        let case = queries::load(records, viewer, id).await?;
        viewer.require(Action::Triage, &case.facts)?;
        if !case.kind.is_sealed() {
            return Err(Problem::refused(
                "There is nothing to draw here",
                "An extract of the journal is drawn for a concern about an adult.",
            ));
        }
        case::prove(viewer, &case, &url(id))?;
        Ok(Self {
            subjects: case.with_parts(&[Part::Alleged]),
            case,
        })
    }

    fn page(&self, viewer: &Viewer, form: &Form, wrong: &Wrong) -> ActPage {
        let title = "Attach an extract of the journal";
        let mut page = ActPage::of(viewer, &self.case, title, "Attach the extract");
        page.lead = Html::paragraphs(
            "When somebody was signed in, what they asked for and what they were allowed, with the numbers of the journal’s entries. It says nothing of cases.",
        );
        let day = |name: &str, label: &str, [day, month, year]: [&String; 3]| {
            Html::of(&DateInput {
                day: day.clone(),
                month: month.clone(),
                year: year.clone(),
                error: wrong.at(&format!("{name}-day")),
                ..DateInput::new(name, Label::medium(label))
            })
        };
        page.fields = vec![
            Html::of(&Select {
                chosen: Some(form.person.clone()),
                error: wrong.at("person"),
                ..Select::new(
                    "person",
                    Label::medium("Of whom?"),
                    giving::options(&self.subjects),
                )
            }),
            day(
                "from",
                "From which day?",
                [&form.from_day, &form.from_month, &form.from_year],
            ),
            day(
                "until",
                "Until which day?",
                [&form.until_day, &form.until_month, &form.until_year],
            ),
        ];
        page
    }

    async fn read(
        &mut self,
        records: &mut Connection,
        viewer: &Viewer,
        form: &Form,
        wrong: &mut Wrong,
    ) -> Result<Option<Drawn>, Problem> {
        let person = giving::chosen(&self.subjects, &form.person);
        if person.is_none() {
            wrong.say("person", "Choose whose lines they are");
        }
        let from = read_date(&form.from_day, &form.from_month, &form.from_year);
        if from.is_none() {
            wrong.say("from-day", "Enter a day such as 27 3 2026");
        }
        let until = read_date(&form.until_day, &form.until_month, &form.until_year)
            .filter(|until| *until <= viewer.today() && from.is_none_or(|from| from <= *until));
        if until.is_none() {
            wrong.say(
                "until-day",
                "Enter a day up to today, and not before the first",
            );
        }
        let (Some(person), Some(from), Some(until)) = (person, from, until) else {
            return Ok(None);
        };
        let lines = lines(records, viewer, person, from, until).await?;
        if lines.len() > LINES_AT_MOST {
            wrong.say(
                "from-day",
                "The journal has more than 1,000 entries of these days. Choose fewer days",
            );
            return Ok(None);
        }
        let name = self
            .subjects
            .iter()
            .find(|(subject, _)| *subject == person)
            .map_or("", |(_, name)| name);
        let mut words = format!(
            "Extract of the journal about {name}, from {} until {}.",
            times::day(from),
            times::day(until)
        );
        if lines.is_empty() {
            words.push_str("\n\nThe journal has no entry of these days.");
        }
        for line in &lines {
            words.push('\n');
            words.push_str(line);
        }
        Ok(Some(Drawn {
            words,
            lines: lines.len(),
        }))
    }

    async fn act(self, tx: &mut Tx, viewer: &Viewer, drawn: Drawn) -> Result<Entry, Problem> {
        respond(&self.case.incident)
            .map_err(|wrong| Problem::refused("This cannot be attached now", wrong.sentence()))?;
        let id = self.case.id;
        let record = records::open(tx, viewer, &object(id)).await?;
        let today = tx.today();
        let row = entry::write(tx, &record, id, "extract", &drawn.words, today, None).await?;
        settle(tx, id).await?;
        Ok(Entry::of(EntryKind::IncidentExtractAttached, object(id))
            .fact("entry", row)
            .fact("lines", drawn.lines))
    }

    fn leads_to(&self) -> String {
        case::url(self.case.id)
    }
}

/// The lines of somebody's sessions, account, posts and agreements, and of what they asked
/// for with all that was decided on it: under every id that they ever had.
async fn lines(
    connection: &mut Connection,
    viewer: &Viewer,
    person: PersonId,
    from: Date,
    until: Date,
) -> Result<Vec<String>, Fault> {
    let start = |day: Date| viewer.school.instant(day, Time::midnight());
    let (Some(first), Some(after)) = (start(from), until.checked_add(1.day()).ok().and_then(start))
    else {
        return Ok(Vec::new());
    };
    let identity = hats::identity(connection, person).await?;
    let mut found = Vec::new();
    for one in std::iter::once(identity.person).chain(identity.aliases) {
        let rows = sql("select sequence, at_ms, action from journal_entry
             where at_ms >= $1 and at_ms < $2
               and ((actor = $3 and (action like 'session.%' or action like 'account.%'
                                     or action like 'agreement.%' or action like 'approval.%'))
                 or object = $4
                 or (action like 'approval.%' and object in (
                       select asked.object from journal_entry as asked
                       where asked.actor = $3 and asked.action = 'approval.asked')))
             order by sequence")
        .bind(first)
        .bind(after)
        .bind(format!("person:{one}"))
        .bind(format!("account:{one}"))
        .all(connection)
        .await?;
        for row in rows {
            let kind = row.read("action", EntryKind::from_key)?;
            let sequence: i64 = row.get("sequence")?;
            let at = moment_at(&viewer.school, row.instant("at_ms")?);
            found.push((
                sequence,
                format!("{at}: {} (entry {sequence})", kind.name()),
            ));
        }
    }
    found.sort();
    found.dedup();
    Ok(found.into_iter().map(|(_, line)| line).collect())
}
