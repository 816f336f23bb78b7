//! Starting a new password for somebody who forgot theirs: they get a code and choose
//! it themselves, and their second factor stays (OWASP ASVS 5.0.0, 6.4.3 and 6.4.6).

use axum::extract::Path;
use axum::response::Response;
use belisha_rules::access::Action;
use belisha_rules::accounts::Purpose;
use belisha_rules::ids::PersonId;

use super::{load, not_oneself, show, show_code};
use crate::accounts::codes::Code;
use crate::accounts::given;
use crate::entries::{Entry, EntryKind, Object};
use crate::notices::{self, NoticeKind};
use crate::problem::Problem;
use crate::viewer::Viewer;
use crate::web::sent::{Nothing, Sent};

pub(super) fn url(person: PersonId) -> String {
    format!("/accounts/{person}/password-reset")
}

const WARNING: &str = "The old password works until the code is used. Then cases that were sealed \
                       to this person alone no longer open for them, until whoever else can read \
                       such a case adds them again. If they have such cases, do not use this code: \
                       whoever runs the server gives another with two sheets of the recovery kit \
                       (belisha account recover), which keeps their key.";

pub(crate) async fn post(
    viewer: Viewer,
    Path(person): Path<String>,
    Sent { submission, .. }: Sent<Nothing>,
) -> Result<Response, Problem> {
    let code = Code::new(&viewer.school);
    let mut tx = viewer.write().await?;
    let account = load(&mut tx, &viewer, &person, Action::StartReset).await?;
    not_oneself(&viewer, account.person)?;
    tx.once(&submission, &show::url(account.person)).await?;
    let zone = viewer.school.settings().time_zone.clone();
    if account.password.is_none() || account.facts.is_over(viewer.today(), &zone) {
        return Err(Problem::refused(
            "This account has no password to renew",
            "It is closed, has ended, or waits for its invitation to be used. \
             Look at the account again and choose what it offers.",
        ));
    }
    given::give_code(&mut tx, account.person, Purpose::Reset, None, &code).await?;
    let object = Object::new("account", account.person);
    notices::tell(
        &mut tx,
        account.person,
        NoticeKind::AccountChanged,
        &object,
        true,
    )
    .await?;
    tx.commit(Entry::of(EntryKind::AccountPasswordReset, object))
        .await?;
    show_code(
        &viewer,
        account.person,
        &account.name,
        &code,
        "one hour",
        Some(WARNING),
    )
}
