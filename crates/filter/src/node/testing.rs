//! The test of a node's resolver: the server says what each group must hear, the node asks its own resolver as
//! each of them, and says what it heard. When a test is due is for the server to say.

use serde::{Deserialize, Serialize};

use super::{CURRENT, Node, POLICY, SyncFailed};
use crate::resolver::{Settings, Trial, reached_at, try_doors, try_group};
use crate::verdict::Policy;

/// Where the server says what is to be asked, and takes what was heard.
pub const TRIAL_PATH: &str = "/filter/node/trial";

/// What one group must hear.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GroupTrial {
    pub group: String,
    #[serde(flatten)]
    pub trial: Trial,
}

/// What one group heard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupTried {
    pub group: String,
    pub asked: usize,
    /// A sentence for each that failed.
    pub failed: Vec<String>,
}

impl Node {
    /// Tests the resolver of these settings, where the server says that it is time for it; whether it was. One
    /// that listens at no IPv4 address cannot be asked as each group, and the server hears of no test.
    ///
    /// # Errors
    /// The server cannot be asked, or speaks in words that this program does not know.
    pub async fn test(&self, settings: &Settings) -> Result<bool, SyncFailed> {
        let Some(resolver) = reached_at(&settings.listen) else {
            return Ok(false);
        };
        let Some((text, _)) = self.client.fetch(TRIAL_PATH, None).await? else {
            return Ok(false);
        };
        let trials: Vec<GroupTrial> =
            serde_json::from_slice(&text).map_err(|why| SyncFailed::Answer(why.to_string()))?;
        if trials.is_empty() {
            return Ok(false);
        }
        let place = self.folder.join(CURRENT).join(POLICY);
        let policy = std::fs::read_to_string(&place).map_err(|why| SyncFailed::Io(place, why))?;
        let groups = Policy::parse(&policy)
            .map_err(|why| SyncFailed::Answer(why.to_string()))?
            .groups;
        let mut tried = Vec::with_capacity(trials.len());
        for GroupTrial { group, trial } in trials {
            // The server plans by a newer policy than this node has: it is asked again once the node has that.
            let Some(at) = groups.iter().position(|own| own.name == group) else {
                return Ok(false);
            };
            let mut heard = try_group(resolver, at, &groups[at], &trial).await;
            if let (Some(blocked), true) = (trial.blocked.first(), tried.is_empty()) {
                let doors = try_doors(settings, at, blocked).await;
                heard.asked += doors.asked;
                heard.failed.extend(doors.failed);
            }
            tried.push(GroupTried {
                group,
                asked: heard.asked,
                failed: heard.failed,
            });
        }
        let body = serde_json::to_vec(&tried).map_err(|why| SyncFailed::Answer(why.to_string()))?;
        self.client
            .send(TRIAL_PATH, body, "application/json")
            .await?;
        Ok(true)
    }
}
