//! Signing through a program of the school: the words as they stand, and the same act as
//! the page, with the same checks. The program signs for nobody but the person behind its key.

use belisha_policy::Word as _;
use belisha_rules::agreements::Signing;
use belisha_rules::ids::SignatureId;

use super::{asked, sign, signed, words};
use crate::problem::{FieldProblem, Problem};
use crate::viewer::Viewer;

/// An agreement as it is put before somebody.
pub(crate) struct Put {
    pub(crate) title: String,
    pub(crate) version: i64,
    /// Says which words these are; sent back with the signature.
    pub(crate) shown: String,
    /// What is declared by signing.
    pub(crate) statement: &'static str,
    /// What the signature must name, beside the statement.
    pub(crate) asks: Vec<&'static str>,
    /// Whether a signature is asked of this person now.
    pub(crate) is_due: bool,
    /// Number, title and words of each clause.
    pub(crate) clauses: Vec<(String, String, String)>,
}

/// A signature as a program sends it.
pub(crate) struct Said {
    pub(crate) shown: String,
    pub(crate) full_name: String,
    pub(crate) post: String,
    pub(crate) date: String,
    pub(crate) policy_read: bool,
    pub(crate) agree: bool,
}

/// The words that wait for the viewer's signature.
pub(crate) async fn put(viewer: &Viewer, of: &str) -> Result<Put, Problem> {
    let mut records = viewer.read().await?;
    let today = viewer.today();
    let asked = asked::of(&mut records, &viewer.school, viewer.person, of, today).await?;
    sign::may(viewer, &asked)?;
    Ok(Put {
        title: asked.agreement.title.clone(),
        version: asked.in_force.number,
        shown: words::shown(&asked.agreement.clauses),
        statement: words::STATEMENT,
        asks: asked.agreement.asks.iter().map(|asks| asks.key()).collect(),
        is_due: matches!(asked.signing, Signing::Due { .. }),
        clauses: asked
            .in_force
            .policy
            .agreement_text(of)
            .iter()
            .map(|clause| {
                let words = clause.words.trim().to_owned();
                (clause.number.clone(), clause.title.clone(), words)
            })
            .collect(),
    })
}

/// Signs; sent twice under one number, once.
pub(crate) async fn receive(
    viewer: &Viewer,
    of: &str,
    said: &Said,
    number: &str,
) -> Result<SignatureId, Problem> {
    let known = words::one_line(&viewer.name).to_lowercase();
    let given_name = words::one_line(&said.full_name);
    if !given_name.is_empty() && given_name.to_lowercase() != known {
        let says = format!("Send the name as the school knows it: {}.", viewer.name);
        return Err(Problem::field("full_name", says));
    }
    let yes = |ticked: bool| if ticked { "yes" } else { "" }.to_owned();
    let form = sign::Form {
        shown: said.shown.clone(),
        date: said.date.clone(),
        full_name: said.full_name.clone(),
        post: said.post.clone(),
        policy_read: yes(said.policy_read),
        agree: yes(said.agree),
        ..sign::Form::default()
    };
    let mut records = viewer.read().await?;
    let today = viewer.today();
    let asked = asked::of(&mut records, &viewer.school, viewer.person, of, today).await?;
    drop(records);
    let given = sign::given(&form);
    let wrong = sign::errors(viewer, &asked, &form, &given);
    let mut tx = viewer.write().await?;
    let id: SignatureId = tx.new_id();
    let leads_to = signed::url(id);
    match tx.once(number, &leads_to).await {
        Ok(()) => {}
        Err(Problem::GoTo(before)) => return signed::id_in(&before).ok_or(Problem::NotFound),
        Err(problem) => return Err(problem),
    }
    if !wrong.is_empty() {
        let named = |error: belisha_ui::FieldError| FieldProblem {
            field: error
                .field_id
                .unwrap_or_else(|| "shown".into())
                .replace('-', "_")
                .into(),
            says: error.text,
        };
        return Err(Problem::Fields(wrong.into_iter().map(named).collect()));
    }
    sign::may(viewer, &asked)?;
    let entry = sign::sign(&mut tx, viewer.person, of, &given, id)
        .await?
        .fact("channel", "program");
    tx.commit(entry).await?;
    Ok(id)
}
