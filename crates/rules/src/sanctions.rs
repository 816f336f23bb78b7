//! The graded table of sanctions: the steps that the policy states, in order, and what is
//! needed to decide on one.

use belisha_policy::controls::sanction::{self, AgreedBy, For};
use belisha_policy::{Policy, Post};

use crate::people::Hats;

/// One step of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub key: String,
    pub title: String,
    pub grade: u32,
    pub agreed_by: AgreedBy,
}

/// The steps for these people, mildest first.
pub fn table(policy: &Policy, who: For) -> Vec<Step> {
    let mut steps: Vec<Step> = policy
        .all(&sanction::CONTROL)
        .filter(|bound| bound.get(&sanction::FOR) == who)
        .map(|bound| Step {
            key: bound.get(&sanction::STEP),
            title: bound.get(&sanction::TITLE),
            grade: bound.get(&sanction::GRADE),
            agreed_by: bound.get(&sanction::AGREED_BY),
        })
        .collect();
    steps.sort_by_key(|step| step.grade);
    steps
}

/// What is decided for one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decided<'a> {
    Step(&'a Step),
    /// Something that the table does not hold.
    Other,
    Nothing,
}

/// Why a decision was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SanctionRefused {
    /// The policy asks for the agreement of somebody who holds this post.
    AgreementOf(Post),
    /// Outside the table, and for nothing at all, a reason is given.
    ReasonMissing,
}

impl SanctionRefused {
    /// Why not, and what can be done instead.
    pub fn sentence(&self) -> String {
        match self {
            Self::AgreementOf(post) => format!(
                "The policy asks that {} agrees to this step. Choose who agreed.",
                post.with_article()
            ),
            Self::ReasonMissing => "Say why.".to_owned(),
        }
    }
}

/// Whether the decision stands, agreed to by somebody with these hats.
pub fn decide(decided: &Decided<'_>, agreed: &Hats, reason: &str) -> Result<(), SanctionRefused> {
    let step = match decided {
        Decided::Step(step) => step,
        Decided::Other | Decided::Nothing if reason.trim().is_empty() => {
            return Err(SanctionRefused::ReasonMissing);
        }
        Decided::Other | Decided::Nothing => return Ok(()),
    };
    let needed = match step.agreed_by {
        AgreedBy::WhoeverHandlesIt => return Ok(()),
        AgreedBy::SafeguardingLead => Post::DesignatedSafeguardingLead,
        AgreedBy::Headteacher => Post::Headteacher,
    };
    if agreed.answers_for(needed) {
        Ok(())
    } else {
        Err(SanctionRefused::AgreementOf(needed))
    }
}

#[cfg(test)]
mod tests {
    use belisha_policy::Standing;

    use super::*;
    use crate::testing::policy_with;

    fn school() -> Policy {
        policy_with(
            "```control sanction\nstep = \"away\"\ntitle = \"no computer for a week\"\ngrade = 3\nagreed_by = \"headteacher\"\n```\n\n\
             ```control sanction\nstep = \"talk\"\ntitle = \"a talk\"\n```\n\n\
             ```control sanction\nstep = \"warning\"\ntitle = \"a warning\"\nfor = \"adults\"\n```\n",
        )
    }

    #[test]
    fn the_table_is_graded_and_apart_for_pupils_and_adults() {
        let titles = |who| {
            table(&school(), who)
                .into_iter()
                .map(|step| step.title)
                .collect::<Vec<_>>()
        };
        assert_eq!(titles(For::Pupils), ["a talk", "no computer for a week"]);
        assert_eq!(titles(For::Adults), ["a warning"]);
    }

    #[test]
    fn a_step_needs_the_agreement_that_the_policy_names_and_others_a_reason() {
        let steps = table(&school(), For::Pupils);
        let check = |decided: Decided<'_>,
                     posts: &[Post],
                     reason: &str,
                     expected: Result<(), SanctionRefused>| {
            let hats = Hats::new([Standing::Staff], posts.iter().copied());
            assert_eq!(decide(&decided, &hats, reason), expected, "{decided:?}");
        };
        check(Decided::Step(&steps[0]), &[], "", Ok(()));
        let needs_head = Err(SanctionRefused::AgreementOf(Post::Headteacher));
        check(
            Decided::Step(&steps[1]),
            &[Post::SeniorLeader],
            "",
            needs_head,
        );
        check(Decided::Step(&steps[1]), &[Post::Headteacher], "", Ok(()));
        check(Decided::Other, &[], "", Err(SanctionRefused::ReasonMissing));
        check(Decided::Other, &[], "A week was too long.", Ok(()));
        check(
            Decided::Nothing,
            &[],
            " ",
            Err(SanctionRefused::ReasonMissing),
        );
    }
}
