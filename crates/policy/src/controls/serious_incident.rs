//! The steps for a serious incident stand on a page of their own, made from this policy; somebody
//! who answers for it confirms that they have read them again. Shown by `incidents`.

use crate::control::{Assurance, Control};
use crate::period::Period;
use crate::words::Post;

pub static CONTROL: Control = Control {
    key: "serious-incident",
    title: "Steps for a serious incident",
    about: "What to do when something serious happens stands on one page, with the people whom this \
            policy names and the numbers that the school has written down. That it was read again is \
            confirmed on the page of the clause.",
    params: &[],
    repeats_by: None,
    sentence: |_| {
        "The steps for a serious incident stand on one page for everyone; that they were read again is \
         confirmed every year."
            .to_owned()
    },
    objections: None,
    needs: None,
    owner: Post::Headteacher,
    feature: "incidents",
    assurance: Assurance::Attested {
        every: Period::Years(1),
    },
    source: None,
};
