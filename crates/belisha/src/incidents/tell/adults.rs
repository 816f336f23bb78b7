//! The grown-ups a child can choose: those whose post is to help, and class teachers.

use belisha_policy::{Post, Word as _};
use belisha_rules::ids::PersonId;
use jiff::civil::Date;

use crate::db::{Connection, sql};
use crate::people::hats;
use crate::problem::Fault;

/// Somebody a child may choose.
pub(super) struct Trusted {
    pub(super) person: PersonId,
    pub(super) name: String,
    /// "teacher of Oak", "headteacher".
    pub(super) what: String,
}

const HELPERS: [Post; 6] = [
    Post::DesignatedSafeguardingLead,
    Post::DeputyDesignatedSafeguardingLead,
    Post::Headteacher,
    Post::PastoralLead,
    Post::SpecialNeedsCoordinator,
    Post::OnlineSafetyCoordinator,
];

/// A page holds no more; a school of this program has fewer classes.
const AT_MOST: usize = 60;

/// Teachers first, because a child looks for their own.
pub(super) async fn all(connection: &mut Connection, today: Date) -> Result<Vec<Trusted>, Fault> {
    let mut all: Vec<Trusted> = Vec::new();
    let rows = sql("select person.id, person.name, class.name as class_name
         from class_member
         join class on class.id = class_member.class
         join person on person.id = class_member.person
         where class_member.part = 'teacher'
           and class_member.from_on <= $1
           and (class_member.until_on is null or class_member.until_on >= $1)
           and person.merged_into is null
           and (person.ends_on is null or person.ends_on >= $1)
         order by class.name, person.sort_name, person.id")
    .bind(today)
    .all(connection)
    .await?;
    for row in rows {
        add(
            &mut all,
            row.read("id", |text| text.parse().ok())?,
            row.get("name")?,
            format!("teacher of {}", row.get::<String>("class_name")?),
        );
    }
    for post in HELPERS {
        for (person, deputy) in hats::holders(connection, post, today).await? {
            if deputy {
                continue;
            }
            let name = sql("select name from person where id = $1")
                .bind(person.to_string())
                .one(connection)
                .await?
                .get("name")?;
            add(&mut all, person, name, post.name().to_owned());
        }
    }
    Ok(all)
}

fn add(all: &mut Vec<Trusted>, person: PersonId, name: String, what: String) {
    if let Some(trusted) = all.iter_mut().find(|trusted| trusted.person == person) {
        trusted.what = format!("{}, {what}", trusted.what);
    } else if all.len() < AT_MOST {
        all.push(Trusted { person, name, what });
    }
}
