//! The people of a made-up school, before anything is written down: who they are,
//! what they hold, whom they teach and whose children they are.

use belisha_policy::Standing;
use belisha_rules::people::Held;
use jiff::civil::Date;

/// Everybody, and how they belong together. People are known by their place in the list.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Cast {
    pub(super) people: Vec<Someone>,
    pub(super) classes: Vec<Class>,
    pub(super) ties: Vec<Tie>,
    /// How many households were numbered so far.
    pub(super) households: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Someone {
    pub(super) name: String,
    pub(super) standing: Standing,
    pub(super) job_title: &'static str,
    pub(super) posts: Vec<Held>,
    pub(super) email: Option<String>,
    pub(super) telephone: Option<String>,
    pub(super) upn: Option<String>,
    pub(super) born_on: Option<Date>,
    pub(super) starts_on: Date,
    pub(super) ends_on: Option<Date>,
    pub(super) has_account: bool,
    /// Where a pupil goes to school; none for everybody else.
    pub(super) schooling: Option<Schooling>,
}

/// A pupil's way through the school.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Schooling {
    /// The year in which the school year of their Reception began.
    pub(super) reception: i16,
    /// Which of the classes of a year group.
    pub(super) form: usize,
}

#[derive(Debug, PartialEq)]
pub(super) struct Class {
    pub(super) name: String,
    pub(super) year_group: &'static str,
    pub(super) teacher: usize,
    pub(super) assistant: Option<usize>,
    /// How old its children turn within the school year.
    pub(super) age: i16,
    pub(super) form: usize,
}

/// How old children turn in Reception.
pub(super) const FIRST_AGE: i16 = 5;

/// One adult of one child.
#[derive(Debug, PartialEq)]
pub(super) struct Tie {
    pub(super) pupil: usize,
    pub(super) adult: usize,
    pub(super) relation: &'static str,
    /// Numbers the households of the school; parents who live apart have two.
    pub(super) household: usize,
    pub(super) parental_responsibility: bool,
    pub(super) priority: i64,
}

impl Cast {
    /// Adds a person, under an address that nobody else has.
    pub(super) fn add(&mut self, mut someone: Someone) -> usize {
        if let Some(email) = &someone.email
            && self
                .people
                .iter()
                .any(|other| other.email.as_ref() == Some(email))
        {
            let (local, domain) = email.split_once('@').unwrap_or((email, "post.example"));
            let number = self.people.len();
            someone.email = Some(format!("{local}.{number}@{domain}"));
        }
        self.people.push(someone);
        self.people.len() - 1
    }

    /// The pupils of a school year, each with their class.
    pub(super) fn roll(&self, school_year: i16) -> Vec<(usize, &Class)> {
        self.people
            .iter()
            .enumerate()
            .filter_map(|(who, someone)| {
                let schooling = someone.schooling?;
                let age = school_year - schooling.reception + FIRST_AGE;
                let class = self
                    .classes
                    .iter()
                    .find(|class| class.age == age && class.form == schooling.form)?;
                Some((who, class))
            })
            .collect()
    }

    /// Whoever holds a post in their own name.
    pub(super) fn holder(&self, post: belisha_policy::Post) -> usize {
        self.people
            .iter()
            .position(|someone| someone.posts.contains(&Held::holder(post)))
            .expect("every post of a made-up school is held")
    }
}

/// The part of an address before the @, from a name.
pub(super) fn mailbox(name: &str) -> String {
    name.to_lowercase().replace(' ', ".")
}
