//! A node becomes one of a school's by a code that is good once: it gets a token to ask with, and the key by
//! which it knows what the school signed.

use std::path::{Path, PathBuf};

use super::client::{AskFailed, Client};

pub const ENROL_PATH: &str = "/filter/node/enrolment";
/// What a node keeps of its enrolment. Only its owner may read it.
pub const STATE: &str = "node.toml";

/// What a node knows of its school.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enrolled {
    pub server: String,
    pub school: String,
    pub node: String,
    pub token: String,
    /// The school's key, which signs snapshots.
    pub key: String,
    /// A certificate authority of the server's own, besides those of the machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority: Option<PathBuf>,
}

/// What the server answers.
#[derive(serde::Deserialize)]
struct Answer {
    school: String,
    node: String,
    token: String,
    key: String,
}

/// Why a node is none of a school's.
#[derive(Debug, thiserror::Error)]
pub enum EnrolFailed {
    #[error(transparent)]
    Ask(AskFailed),
    #[error("the code is used, or too old, or mistyped: ask for another one")]
    Code,
    #[error("the server does not understand this program: {0}")]
    Answer(String),
    #[error("{0}: {1}")]
    Io(PathBuf, #[source] std::io::Error),
    #[error("{0} cannot be read: {1}")]
    State(PathBuf, String),
    #[error("this folder is enrolled already; remove {0} to enrol it again")]
    Already(PathBuf),
}

impl From<AskFailed> for EnrolFailed {
    fn from(why: AskFailed) -> Self {
        match why {
            AskFailed::Unknown => Self::Code,
            why => Self::Ask(why),
        }
    }
}

/// A `filter.toml` to begin with, for whoever runs the machine.
const SETTINGS: &str = "\
# The resolver of this site. What it follows comes from the school’s server; the rest is set here.
index = \"current/filter.index\"
policy = \"current/filter-policy.toml\"
register = \"current/filter-register.toml\"
log = \"log\"
listen = [\"127.0.0.1:53\"]       # the address of this machine in the site’s network
upstreams = [\"9.9.9.9\"]         # as the school chose
";

/// Gives the code, and keeps what the server answers.
pub async fn enrol(
    folder: &Path,
    server: &str,
    authority: Option<&Path>,
    code: &str,
) -> Result<Enrolled, EnrolFailed> {
    let place = folder.join(STATE);
    if place.exists() {
        return Err(EnrolFailed::Already(place));
    }
    let io = |path: &Path, why| EnrolFailed::Io(path.to_owned(), why);
    std::fs::create_dir_all(folder).map_err(|why| io(folder, why))?;
    let authority = authority
        .map(|path| path.canonicalize().map_err(|why| io(path, why)))
        .transpose()?;
    let client = Client::new(server, authority.as_deref())?;
    // A code is letters, digits and hyphens: nothing in it needs another spelling.
    let code: String = code
        .chars()
        .filter(|sign| sign.is_ascii_alphanumeric() || *sign == '-')
        .collect();
    let body = format!("code={code}").into_bytes();
    let answer = client
        .send(ENROL_PATH, body, "application/x-www-form-urlencoded")
        .await?;
    let answer: Answer =
        serde_json::from_slice(&answer).map_err(|why| EnrolFailed::Answer(why.to_string()))?;
    let enrolled = Enrolled {
        server: server.to_owned(),
        school: answer.school,
        node: answer.node,
        token: answer.token,
        key: answer.key,
        authority,
    };
    let text = toml_edit::ser::to_string_pretty(&enrolled)
        .map_err(|why| EnrolFailed::Answer(why.to_string()))?;
    private(&place, &text).map_err(|why| io(&place, why))?;
    let settings = folder.join("filter.toml");
    if !settings.exists() {
        std::fs::write(&settings, SETTINGS).map_err(|why| io(&settings, why))?;
    }
    Ok(enrolled)
}

fn private(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// What a folder knows of its enrolment.
pub fn read(folder: &Path) -> Result<Enrolled, EnrolFailed> {
    let place = folder.join(STATE);
    let text =
        std::fs::read_to_string(&place).map_err(|why| EnrolFailed::Io(place.clone(), why))?;
    toml_edit::de::from_str(&text).map_err(|why| EnrolFailed::State(place, why.to_string()))
}
