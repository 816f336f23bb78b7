//! An enrolment: a set of devices in one group, and the key by which they are known. The key is shown once,
//! inside the files that a browser's management takes.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use belisha_policy::controls::filter_changes;
use belisha_rules::access::{Action, Kind, RecordFacts};
use belisha_ui::{
    BackLink, Button, Choice, ErrorSummary, Frame, Html, InsetText, Label, Radios, TextInput,
};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::package;
use crate::audit::signer;
use crate::db::{Connection, sql};
use crate::entries::{Entry, EntryKind, Object};
use crate::filter::settings;
use crate::home::frame;
use crate::problem::{Fault, Problem};
use crate::school::School;
use crate::tx::Tx;
use crate::viewer::Viewer;
use crate::web::act::{Act, ActPage};
use crate::web::sent::Sent;
use crate::web::wrong::Wrong;

/// What a key begins with, so that one that leaked is recognised for what it is.
const MARK: &str = "belisha_device_";
const LONGEST_NAME: usize = 80;

pub(super) fn url() -> String {
    format!("{}/new", super::url())
}

pub(super) fn ending_url(id: &str) -> String {
    format!("{}/{id}/ending", super::url())
}

/// Whether the viewer carries the web filtering management status.
pub(super) fn require(viewer: &Viewer) -> Result<(), Problem> {
    viewer.require(Action::EnrolDevices, &RecordFacts::of(Kind::Filter))?;
    if manages(viewer) {
        return Ok(());
    }
    Err(Problem::refused(
        "You may not do this",
        "Devices are enrolled by whoever carries the web filtering management status. The policy says who that is.",
    ))
}

pub(super) fn manages(viewer: &Viewer) -> bool {
    let managers = viewer.policy.policy.get(&filter_changes::MANAGERS);
    managers
        .into_iter()
        .any(|post| viewer.hats.answers_for(post))
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {
    name: String,
    group: String,
    domain: String,
}

#[derive(Template)]
#[template(path = "filter/extension/enrolment.html")]
struct EnrolmentPage {
    frame: Frame,
    back: BackLink,
    errors: ErrorSummary,
    submission: String,
    fields: Vec<Html>,
    send: Button,
}

pub(super) async fn get(viewer: Viewer) -> Result<Response, Problem> {
    require(&viewer)?;
    let submission = viewer.school.new_row_id();
    page(&viewer, &Form::default(), Wrong::default(), submission)
}

pub(super) async fn post(viewer: Viewer, sent: Sent<Form>) -> Result<Response, Problem> {
    require(&viewer)?;
    let (form, mut wrong) = (sent.form, Wrong::default());
    let name = form.name.trim().to_owned();
    if name.is_empty() || name.chars().count() > LONGEST_NAME {
        wrong.say(
            "name",
            "Enter what these devices are, in 80 characters at most, such as Year 3 laptops",
        );
    }
    let groups = settings::groups(&viewer.policy.policy);
    if !groups.contains(&form.group) {
        wrong.say("group", "Choose the group that the devices belong to");
    }
    let domain = form.domain.trim().trim_start_matches('@').to_lowercase();
    if !domain.is_empty() && !is_domain(&domain) {
        wrong.say(
            "domain",
            "Enter what stands after the @ in the school’s own e-mail addresses, such as oakfield.sch.uk",
        );
    }
    if !wrong.is_empty() {
        return page(&viewer, &form, wrong, sent.submission);
    }
    let mut tx = viewer.write().await?;
    tx.once(&sent.submission, &super::url()).await?;
    let (key, entry) = make(&mut tx, &name, &form.group).await?;
    tx.commit(entry).await?;
    made(
        &viewer,
        name,
        [("group", &form.group), ("token", &key), ("domain", &domain)],
    )
}

fn is_domain(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
    text.len() <= 200 && text.contains('.') && text.bytes().all(is_plain)
}

fn page(
    viewer: &Viewer,
    form: &Form,
    wrong: Wrong,
    submission: String,
) -> Result<Response, Problem> {
    let status = if wrong.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let mut frame = frame::of(viewer);
    frame.has_errors = !wrong.is_empty();
    let groups = settings::groups(&viewer.policy.policy)
        .into_iter()
        .map(|group| Choice::new(group.clone(), group))
        .collect();
    let page = EnrolmentPage {
        frame,
        back: back(),
        submission,
        fields: vec![
            Html::of(&TextInput {
                value: form.name.clone(),
                hint: Some("For the list of enrolments. No person’s name.".into()),
                error: wrong.at("name"),
                autocomplete: Some("off".into()),
                ..TextInput::new("name", Label::medium("Which devices?"))
            }),
            Html::of(&Radios {
                chosen: (!form.group.is_empty()).then(|| form.group.clone()),
                hint: Some("All devices of one enrolment are in one group.".into()),
                error: wrong.at("group"),
                ..Radios::new("group", Label::medium("Which group?"), groups)
            }),
            Html::of(&TextInput {
                value: form.domain.clone(),
                hint: Some(
                    "What stands after the @. Whoever is signed in to the browser with such an address is named in \
                     the log and in alerts; left empty, nobody is."
                        .into(),
                ),
                error: wrong.at("domain"),
                autocomplete: Some("off".into()),
                spellcheck: Some(false),
                ..TextInput::new("domain", Label::medium("The school’s own e-mail addresses (optional)"))
            }),
        ],
        errors: ErrorSummary::new(wrong.into_errors()),
        send: Button::submit("Make the files"),
    };
    Ok((status, crate::web::page(&page)?).into_response())
}

fn back() -> BackLink {
    BackLink {
        text: "Browser extension".into(),
        href: super::url(),
    }
}

/// Makes the key. Only its hash is kept.
async fn make(tx: &mut Tx, name: &str, group: &str) -> Result<(Zeroizing<String>, Entry), Problem> {
    let bytes = Zeroizing::new(tx.random::<32>());
    let key = Zeroizing::new(format!(
        "{MARK}{}",
        BASE64_URL_SAFE_NO_PAD.encode(bytes.as_slice())
    ));
    let (id, now, by) = (tx.school().new_row_id(), tx.now(), tx.actor().key());
    tx.run_one(
        sql("insert into filter_enrolment (id, name, for_group, token_hash, made_at, made_by, ended_at, ended_by)
             values ($1, $2, $3, $4, $5, $6, null, null)")
        .bind(&id)
        .bind(name)
        .bind(group)
        .bind(Sha256::digest(key.as_bytes()).as_slice())
        .bind(now)
        .bind(by),
    )
    .await?;
    let entry = Entry::of(
        EntryKind::FilterEnrolmentMade,
        Object::new("filter-enrolment", id),
    )
    .fact("group", group);
    Ok((key, entry))
}

/// One file for a browser's management.
struct Made {
    title: &'static str,
    says: &'static str,
    name: &'static str,
    link: Html,
    text: String,
}

#[derive(Template)]
#[template(path = "filter/extension/made.html")]
struct MadePage {
    frame: Frame,
    back: BackLink,
    name: String,
    group: String,
    id: String,
    updates: String,
    warning: InsetText,
    files: Vec<Made>,
}

fn made(
    viewer: &Viewer,
    name: String,
    own: [(&'static str, &str); 3],
) -> Result<Response, Problem> {
    let school = &viewer.school;
    let of_school = [
        ("server", school.address.clone()),
        (
            "school_key",
            signer::signer(school)?.verifier_key().to_string(),
        ),
    ];
    let of_devices = own
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| (name, value.to_owned()));
    let settings: Vec<(&str, String)> = of_school.into_iter().chain(of_devices).collect();
    let id = package::id(school)?;
    crate::web::page(&MadePage {
        frame: frame::of(viewer),
        back: back(),
        warning: InsetText::new(
            "The files hold a key of the devices. Keep them now: they are shown once. Whoever has the key can read \
             what this group is given and report in its name; it opens nothing else.",
        ),
        files: files(school, &id, &settings)?,
        updates: package::updates_url(school),
        group: own[0].1.to_owned(),
        id,
        name,
    })
}

fn files(
    school: &School,
    id: &str,
    settings: &[(&'static str, String)],
) -> Result<Vec<Made>, Fault> {
    let pretty = |value: &serde_json::Value| {
        serde_json::to_string_pretty(value)
            .map_err(|error| Fault::at("writing a policy for browsers".into(), error))
    };
    let plain: serde_json::Map<String, serde_json::Value> = settings
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.as_str().into()))
        .collect();
    let wrapped: serde_json::Map<String, serde_json::Value> = settings
        .iter()
        .map(|(name, value)| ((*name).to_owned(), serde_json::json!({ "Value": value })))
        .collect();
    let update = package::updates_url(school);
    // The extension is set by the school, so a pupil cannot take it off; and what would go round it is shut.
    let whole = serde_json::json!({
        "ExtensionSettings": { id: { "installation_mode": "force_installed", "update_url": update } },
        "3rdparty": { "extensions": { id: plain } },
        "DnsOverHttpsMode": "off",
        "IncognitoModeAvailability": 1,
        "BrowserGuestModeEnabled": false,
        "BrowserAddPersonEnabled": false,
    });
    let one = |title, says, name, kind: &str, text: String| {
        let link = format!(
            "<a class=\"govuk-link\" download=\"{name}\" href=\"data:{kind};base64,{}\">Keep {name}</a>",
            BASE64_STANDARD.encode(&text)
        );
        Made {
            title,
            says,
            name,
            link: Html::trusted(link),
            text,
        }
    };
    Ok(vec![
        one(
            "Chromebooks, and Chrome managed from Google’s console",
            "Under Apps and extensions, add an extension by its id from a custom address, set it to force install, \
             and give it this file as its policy.",
            "belisha-google.json",
            "application/json",
            pretty(&wrapped.into())?,
        ),
        one(
            "Windows: Chrome",
            "Import it on each computer, or put its values into a group policy. Windows takes an extension from a \
             school’s own server only on computers that are joined to a domain or managed.",
            "belisha-chrome.reg",
            "text/plain",
            registry("Google\\Chrome", id, &update, settings),
        ),
        one(
            "Windows: Edge",
            "The same for Edge.",
            "belisha-edge.reg",
            "text/plain",
            registry("Microsoft\\Edge", id, &update, settings),
        ),
        one(
            "Linux: Chrome, Chromium and Edge",
            "Put it into /etc/opt/chrome/policies/managed, /etc/chromium/policies/managed or \
             /etc/opt/edge/policies/managed, readable for all and writable for root.",
            "belisha-linux.json",
            "application/json",
            pretty(&whole)?,
        ),
    ])
}

/// A file for the registry of Windows.
fn registry(browser: &str, id: &str, update: &str, settings: &[(&'static str, String)]) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    let place = format!("HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\{browser}");
    let mut text = String::from("Windows Registry Editor Version 5.00\r\n\r\n");
    let incognito = if browser.ends_with("Edge") {
        "InPrivateModeAvailability"
    } else {
        "IncognitoModeAvailability"
    };
    text += &format!(
        "[{place}]\r\n\"DnsOverHttpsMode\"=\"off\"\r\n\"{incognito}\"=dword:00000001\r\n\
         \"BrowserGuestModeEnabled\"=dword:00000000\r\n\"BrowserAddPersonEnabled\"=dword:00000000\r\n\r\n"
    );
    text += &format!(
        "[{place}\\ExtensionInstallForcelist]\r\n\"901\"={}\r\n\r\n",
        quoted(&format!("{id};{update}"))
    );
    text += &format!("[{place}\\3rdparty\\extensions\\{id}\\policy]\r\n");
    for (name, value) in settings {
        text += &format!("{}={}\r\n", quoted(name), quoted(value));
    }
    text
}

/// The ending of an enrolment: its key opens nothing from then on.
pub(super) struct Ending {
    id: String,
    name: String,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {}

impl Act for Ending {
    type At = String;
    type Form = Nothing;
    type Read = ();

    async fn load(records: &mut Connection, viewer: &Viewer, id: String) -> Result<Self, Problem> {
        require(viewer)?;
        let row = sql("select name, ended_at from filter_enrolment where id = $1")
            .bind(&id)
            .optional(records)
            .await?
            .ok_or(Problem::NotFound)?;
        if row.instant_optional("ended_at")?.is_some() {
            return Err(Problem::refused(
                "This enrolment has ended already",
                "Its devices get nothing more and report nothing more.",
            ));
        }
        Ok(Self {
            name: row.get("name")?,
            id,
        })
    }

    fn page(&self, viewer: &Viewer, _: &Nothing, _: &Wrong) -> ActPage {
        let mut page = ActPage::new(
            viewer,
            super::url(),
            self.name.clone(),
            "End this enrolment",
            "End it now",
        );
        page.lead = Html::paragraphs(
            "Its devices keep the settings that they have, get no new ones, and are not heard of any more. \
             Take the extension off them in their browsers’ management.",
        );
        page
    }

    async fn read(
        &mut self,
        _: &mut Connection,
        _: &Viewer,
        _: &Nothing,
        _: &mut Wrong,
    ) -> Result<Option<()>, Problem> {
        Ok(Some(()))
    }

    async fn act(self, tx: &mut Tx, _: &Viewer, (): ()) -> Result<Entry, Problem> {
        let (now, by) = (tx.now(), tx.actor().key());
        tx.run_one(
            sql("update filter_enrolment set ended_at = $2, ended_by = $3 where id = $1 and ended_at is null")
                .bind(&self.id)
                .bind(now)
                .bind(by),
        )
        .await?;
        Ok(Entry::of(
            EntryKind::FilterEnrolmentEnded,
            Object::new("filter-enrolment", self.id),
        ))
    }

    fn leads_to(&self) -> String {
        super::url()
    }
}
