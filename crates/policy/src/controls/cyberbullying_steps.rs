//! Says whether cyberbullying is handled step by step or as any other case. Enforced by `reviews`.

use crate::control::{Assurance, Control};
use crate::kind::YesNo;
use crate::param::Param;
use crate::words::Post;

pub static GUIDED: Param<YesNo> = Param::new(
    &CONTROL,
    "guided",
    "Whether each case is taken through the steps; otherwise it is dealt with as any other.",
    true,
);

pub static CONTROL: Control = Control {
    key: "cyberbullying-steps",
    title: "Cyberbullying, step by step",
    about: "Takes a case of cyberbullying through its steps: whether an indecent picture is in \
            it, the evidence, the meeting, the investigation, the police, the finding, taking \
            the material down, and support. Without the steps, the anti-bullying policy and the \
            usual handling of a case serve.",
    params: &[&GUIDED],
    repeats_by: None,
    sentence: |set| {
        if set.get(&GUIDED) {
            "Each case of cyberbullying is taken through the same steps, from the evidence to support for both sides.".to_owned()
        } else {
            "Cyberbullying is dealt with as any other case, under our anti-bullying policy."
                .to_owned()
        }
    },
    objections: None,
    needs: None,
    owner: Post::OnlineSafetyCoordinator,
    feature: "reviews",
    assurance: Assurance::Enforced,
    source: None,
};
