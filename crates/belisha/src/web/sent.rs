//! A form as it was sent: its fields, and the submission id by which a form that
//! is sent twice acts once.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use serde::de::DeserializeOwned;

use crate::db::Pending;
use crate::problem::Problem;

/// The name of the hidden field that carries the submission id.
pub(crate) const SUBMISSION: &str = "submission";

/// The name of the hidden field that carries the revision an act's page was made from.
pub(crate) const LOOKED_AT: &str = "looked-at";

/// A form. Fields the page does not know are refused, so that nobody can set what
/// the form does not show: give `T` the attribute `#[serde(deny_unknown_fields)]`.
pub(crate) struct Sent<T> {
    pub(crate) form: T,
    /// Empty where the page has no submission id.
    pub(crate) submission: String,
}

/// A form of an act that must not be done on a newer record than the page showed.
pub(crate) struct SentOn<T> {
    pub(crate) form: T,
    pub(crate) submission: String,
    /// The revision of the record that was looked at, where the page carries it.
    pub(crate) looked_at: Option<i64>,
}

/// The form of an act that asks for nothing but its button.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Sent<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        Self::read(&body(request).await?)
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for SentOn<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let mut pairs = split(&body(request).await?);
        let looked_at = take(&mut pairs, LOOKED_AT).and_then(|number| number.parse().ok());
        let Sent { form, submission } = Sent::of(pairs)?;
        Ok(Self {
            form,
            submission,
            looked_at,
        })
    }
}

/// In a box for the compiler's sake, as [`Pending`] says.
fn body(request: Request) -> Pending<'static, Bytes, Problem> {
    Box::pin(async move {
        Bytes::from_request(request, &()).await.map_err(|_| {
            Problem::refused(
                "That is too much to send at once",
                "A form may hold some millions of characters. Shorten the text, or send it in two parts.",
            )
        })
    })
}

fn split(body: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(body)
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect()
}

/// The last value of a name, and no field of that name left.
fn take(pairs: &mut Vec<(String, String)>, name: &str) -> Option<String> {
    let taken = pairs.extract_if(.., |(field, _)| field == name).last();
    taken.map(|(_, value)| value)
}

impl<T: DeserializeOwned> Sent<T> {
    pub(crate) fn read(body: &[u8]) -> Result<Self, Problem> {
        Self::of(split(body))
    }

    fn of(mut pairs: Vec<(String, String)>) -> Result<Self, Problem> {
        let submission = take(&mut pairs, SUBMISSION).unwrap_or_default();
        let form = read_pairs(&pairs).map_err(|error| {
            Problem::refused(
                "This form could not be read",
                format!(
                    "The page and the program disagree about what the form holds ({error}). \
                     Nothing was saved. Go back, reload the page and try again."
                ),
            )
        })?;
        Ok(Self { form, submission })
    }
}

/// Reads pairs into a form. A name that comes several times is a list.
fn read_pairs<T: DeserializeOwned>(pairs: &[(String, String)]) -> Result<T, String> {
    let mut encoded = form_urlencoded::Serializer::new(String::new());
    encoded.extend_pairs(pairs);
    serde_html_form::from_str(&encoded.finish()).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Form {
        words: String,
        #[serde(default)]
        people: Vec<String>,
    }

    #[test]
    fn a_form_is_read_and_nothing_besides() {
        let sent = Sent::<Form>::read(b"words=a+b&people=1&people=2&submission=s").unwrap();
        assert_eq!(sent.submission, "s");
        assert_eq!(
            sent.form,
            Form {
                words: "a b".into(),
                people: vec!["1".into(), "2".into()]
            }
        );
        assert!(
            Sent::<Form>::read(b"words=a")
                .unwrap()
                .form
                .people
                .is_empty()
        );
        assert!(matches!(
            Sent::<Form>::read(b"words=a&role=head"),
            Err(Problem::Refused(_))
        ));
    }
}
