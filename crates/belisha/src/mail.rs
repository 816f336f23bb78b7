//! Mail that carries no personal data: it says that something waits, and where.

use lettre::message::Mailbox;
use lettre::transport::smtp::AsyncSmtpTransport;
use lettre::{AsyncTransport as _, Message, Tokio1Executor};

use crate::problem::Fault;

/// How mail leaves, if it does.
#[derive(Clone)]
pub enum Mail {
    /// No mail server is configured: notices wait on the Today page, and assurance says so.
    None,
    Smtp {
        transport: AsyncSmtpTransport<Tokio1Executor>,
        from: Mailbox,
    },
}

impl Mail {
    /// A mail server by its address: `smtp://host:port` (loopback or a relay inside the
    /// school), `smtps://user:password@host` or `smtp://host?tls=required`.
    pub fn at(url: &str, from: &str) -> anyhow::Result<Self> {
        Ok(Self::Smtp {
            transport: AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
                .map_err(|error| anyhow::anyhow!("“{url}” is not the address of a mail server ({error}). Write smtp://host:port or smtps://user:password@host."))?
                .build(),
            from: from
                .parse()
                .map_err(|error| anyhow::anyhow!("“{from}” is not a mail address ({error})"))?,
        })
    }

    /// Sends one mail of plain words. The words must hold nothing personal: see
    /// [`crate::notices`], the only caller.
    pub async fn send(&self, to: &str, subject: &str, words: &str) -> Result<(), Fault> {
        let Self::Smtp { transport, from } = self else {
            return Err(Fault::said("no mail server is configured".into()));
        };
        let to = to
            .parse()
            .map_err(|_| Fault::said("the person's mail address is not one".into()))?;
        let message = Message::builder()
            .from(from.clone())
            .to(to)
            .subject(subject)
            .header(lettre::message::header::ContentType::TEXT_PLAIN)
            .body(words.to_owned())
            .map_err(|error| Fault::at("writing a mail".into(), error))?;
        transport
            .send(message)
            .await
            .map(drop)
            .map_err(|error| Fault::at("sending a mail".into(), error))
    }
}
