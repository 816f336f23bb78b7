//! An account of somebody in a case is made safe, because another person may know its password.
//! The chronology of the case says whose it was and what was done.

use belisha_policy::Word as _;
use belisha_rules::access::Action;
use belisha_rules::accounts::{self as law, MadeSafe, MadeSafeRefused};
use belisha_rules::ids::{IncidentId, PersonId};
use belisha_rules::incidents::respond;
use belisha_ui::{Choice, Html, Label, Radios, Select};
use serde::Deserialize;

use super::act_page::{Act, ActPage, Wrong, why};
use super::queries::{self, Case, object, settle};
use super::words::Part;
use super::{case, entry, giving};
use crate::accounts::making_safe;
use crate::db::Connection;
use crate::entries::{Entry, EntryKind};
use crate::problem::Problem;
use crate::records;
use crate::tx::Tx;
use crate::viewer::Viewer;

pub(super) fn url(id: IncidentId) -> String {
    format!("/incidents/{id}/accounts/new")
}

/// Whether a case of this kind offers it. A closed account is seen by those who run accounts, and
/// of a case about an adult nobody else may see a trace.
pub(super) fn is_offered(case: &Case) -> bool {
    !case.kind.is_sealed()
}

/// One account of this case.
pub(super) struct SafeAccount {
    case: Case,
    /// Those with an account.
    holders: Vec<(PersonId, String)>,
    /// Those of them whom a second factor keeps.
    kept: Vec<PersonId>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {
    person: String,
    how: String,
    reason: String,
}

impl Act for SafeAccount {
    type At = IncidentId;
    type Form = Form;
    type Read = (PersonId, MadeSafe, String);

    async fn load(
        records: &mut Connection,
        viewer: &Viewer,
        id: IncidentId,
    ) -> Result<Self, Problem> {
        let case = queries::load(records, viewer, id).await?;
        viewer.require(Action::Triage, &case.facts)?;
        if !is_offered(&case) {
            return Err(Problem::NotFound);
        }
        let alleged = case.with_parts(&[Part::Alleged]);
        let mut safe = Self {
            holders: Vec::new(),
            kept: Vec::new(),
            case,
        };
        let parts = [Part::Harmed, Part::Witness, Part::Reporter, Part::Other];
        for (person, name) in safe.case.with_parts(&parts) {
            if alleged.iter().any(|(other, _)| *other == person) {
                continue;
            }
            if let Some(has_factor) = making_safe::second_factor(records, person).await? {
                safe.holders.push((person, name));
                safe.kept.extend(has_factor.then_some(person));
            }
        }
        Ok(safe)
    }

    fn page(&self, viewer: &Viewer, form: &Form, wrong: &Wrong) -> ActPage {
        let title = "Make an account safe";
        let mut page = ActPage::of(viewer, &self.case, title, "Make it safe");
        if self.holders.is_empty() {
            page.lead = Html::paragraphs(
                "Nobody in this case has an account here, apart from those who are said to have done it. For an account elsewhere, a game or a mailbox, set an action: who helps to change the password, and by when.",
            );
        }
        page.fields = vec![
            Html::of(&Select {
                chosen: Some(form.person.clone()),
                error: wrong.at("person"),
                ..Select::new(
                    "person",
                    Label::medium("Whose account?"),
                    giving::options(&self.holders),
                )
            }),
            Html::of(&Radios {
                chosen: (!form.how.is_empty()).then(|| form.how.clone()),
                error: wrong.at("how"),
                hint: Some(
                    "Either way they are signed out everywhere now, and keys for programs end."
                        .into(),
                ),
                ..Radios::new(
                    "how",
                    Label::medium("What happens to the password?"),
                    vec![
                        Choice {
                            hint: Some(
                                "They sign in as always and must choose a new one before anything else. Their second factor keeps others out.".into(),
                            ),
                            ..Choice::new(
                                MadeSafe::NewPassword.key(),
                                "It must be changed at the next sign-in",
                            )
                        },
                        Choice {
                            hint: Some(
                                "For an account without a second factor, or where the telephone is gone as well. Cases sealed to this person alone may no longer open for them.".into(),
                            ),
                            ..Choice::new(
                                MadeSafe::Shut.key(),
                                "The account stays shut until the school gives a code",
                            )
                        },
                    ],
                )
            }),
            why(&form.reason, "What happened to the password?", wrong),
        ];
        page
    }

    async fn read(
        &mut self,
        _: &mut Connection,
        viewer: &Viewer,
        form: &Form,
        wrong: &mut Wrong,
    ) -> Result<Option<Self::Read>, Problem> {
        let person = giving::chosen(&self.holders, &form.person);
        if person.is_none() {
            wrong.say("person", "Choose whose account it is");
        }
        let how = MadeSafe::from_key(&form.how);
        if how.is_none() {
            wrong.say("how", "Choose what happens to the password");
        }
        let reason = wrong.text("reason", &form.reason, "Say what happened to the password");
        let (Some(person), Some(how), Some(reason)) = (person, how, reason) else {
            return Ok(None);
        };
        let has_factor = self.kept.contains(&person);
        match law::make_safe(how, has_factor, person == viewer.person) {
            Ok(()) => Ok(Some((person, how, reason))),
            Err(refused @ MadeSafeRefused::NoSecondFactor) => {
                wrong.say("how", refused.sentence());
                Ok(None)
            }
            Err(refused @ MadeSafeRefused::Oneself) => {
                wrong.say("person", refused.sentence());
                Ok(None)
            }
        }
    }

    async fn act(
        self,
        tx: &mut Tx,
        viewer: &Viewer,
        (person, how, reason): Self::Read,
    ) -> Result<Entry, Problem> {
        respond(&self.case.incident)
            .map_err(|wrong| Problem::refused("This cannot be done now", wrong.sentence()))?;
        let id = self.case.id;
        let ended = making_safe::make_safe(tx, person, how).await?;
        let record = records::open(tx, viewer, &object(id)).await?;
        let name = self
            .holders
            .iter()
            .find(|(holder, _)| *holder == person)
            .map_or("", |(_, name)| name.as_str());
        let said = match how {
            MadeSafe::NewPassword => "must be changed at the next sign-in",
            MadeSafe::Shut => {
                "opens nothing, and the account is shut until the school gives a code"
            }
        };
        let told = format!("The password of {name} {said}. {reason}");
        let today = tx.today();
        entry::write(tx, &record, id, "account", &told, today, None).await?;
        settle(tx, id).await?;
        Ok(Entry::of(EntryKind::IncidentAccountMadeSafe, object(id))
            .fact("account", person)
            .fact("how", how.key())
            .fact("sessions-ended", ended.sessions)
            .fact("keys-revoked", ended.tokens))
    }

    fn leads_to(&self) -> String {
        case::url(self.case.id)
    }
}
