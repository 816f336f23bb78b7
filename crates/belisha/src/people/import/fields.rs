//! What may be read from a file of people, and which column is likely to hold it.
//! Posts and rights are not among the fields: no file appoints anybody.

use std::collections::BTreeMap;

use belisha_policy::Word;

/// What a file is a list of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ImportKind {
    Pupils,
    Staff,
    /// One row for each child with each of their adults.
    Contacts,
}

impl Word for ImportKind {
    const KIND: &'static str = "a kind of file";
    const SPELLINGS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Pupils, "pupils", "pupils"),
        (Self::Staff, "staff", "staff"),
        (Self::Contacts, "contacts", "parents and carers"),
    ];
}

/// Something a file may say about a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Field {
    PupilNumber,
    Forename,
    Surname,
    FullName,
    BornOn,
    Class,
    YearGroup,
    Email,
    Telephone,
    JobTitle,
    StartsOn,
    EndsOn,
    AdultForename,
    AdultSurname,
    AdultName,
    Relation,
    Household,
    LivesWith,
    Responsibility,
    MayBeContacted,
    Priority,
}

impl Word for Field {
    const KIND: &'static str = "a field";
    const SPELLINGS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::PupilNumber, "upn", "Unique pupil number"),
        (Self::Forename, "forename", "First name"),
        (Self::Surname, "surname", "Last name"),
        (Self::FullName, "full-name", "Full name in one column"),
        (Self::BornOn, "born-on", "Date of birth"),
        (Self::Class, "class", "Class"),
        (Self::YearGroup, "year-group", "Year group"),
        (Self::JobTitle, "job-title", "Job title"),
        (Self::AdultForename, "adult-forename", "Adult’s first name"),
        (Self::AdultSurname, "adult-surname", "Adult’s last name"),
        (
            Self::AdultName,
            "adult-name",
            "Adult’s full name in one column",
        ),
        (Self::Relation, "relation", "Relation to the child"),
        (Self::Email, "email", "E-mail address"),
        (Self::Telephone, "telephone", "Telephone"),
        (Self::Household, "household", "Household"),
        (Self::LivesWith, "lives-with", "Lives with the child"),
        (
            Self::Responsibility,
            "responsibility",
            "Parental responsibility",
        ),
        (Self::MayBeContacted, "may-be-contacted", "May be contacted"),
        (Self::Priority, "priority", "Contact priority"),
        (Self::StartsOn, "starts-on", "First day"),
        (Self::EndsOn, "ends-on", "Last day"),
    ];
}

impl Field {
    /// The fields that a file of this kind may have, in the order of the mapping page.
    pub(crate) fn of(kind: ImportKind) -> Vec<Self> {
        Self::all().filter(|field| field.belongs_to(kind)).collect()
    }

    fn belongs_to(self, kind: ImportKind) -> bool {
        match self {
            Self::Forename | Self::Surname | Self::FullName => true,
            Self::PupilNumber | Self::BornOn => kind != ImportKind::Staff,
            Self::Class | Self::YearGroup => kind == ImportKind::Pupils,
            Self::Email | Self::Telephone => kind != ImportKind::Pupils,
            Self::JobTitle => kind == ImportKind::Staff,
            Self::StartsOn | Self::EndsOn => kind != ImportKind::Contacts,
            Self::AdultForename
            | Self::AdultSurname
            | Self::AdultName
            | Self::Relation
            | Self::Household
            | Self::LivesWith
            | Self::Responsibility
            | Self::MayBeContacted
            | Self::Priority => kind == ImportKind::Contacts,
        }
    }

    /// What the mapping page calls it: in a file of contacts, names are the child's.
    pub(crate) fn label(self, kind: ImportKind) -> String {
        match (kind, self) {
            (ImportKind::Contacts, Self::Forename) => "Child’s first name".into(),
            (ImportKind::Contacts, Self::Surname) => "Child’s last name".into(),
            (ImportKind::Contacts, Self::FullName) => "Child’s full name in one column".into(),
            (ImportKind::Contacts, Self::BornOn) => "Child’s date of birth".into(),
            (ImportKind::Contacts, Self::PupilNumber) => "Child’s unique pupil number".into(),
            (ImportKind::Contacts, Self::Email) => "Adult’s e-mail address".into(),
            (ImportKind::Contacts, Self::Telephone) => "Adult’s telephone".into(),
            _ => self.name().to_owned(),
        }
    }

    /// Names of columns seen in schools' exports, in small letters without spaces and
    /// signs; the likeliest first.
    fn synonyms(self, kind: ImportKind) -> &'static [&'static str] {
        match (self, kind) {
            (Self::PupilNumber, _) => &[
                "upn",
                "uniquepupilnumber",
                "studentupn",
                "pupilupn",
                "childupn",
            ],
            (Self::Forename, ImportKind::Contacts) => &[
                "childforename",
                "studentforename",
                "pupilforename",
                "childfirstname",
                "studentfirstname",
                "pupilfirstname",
                "forename",
                "legalforename",
                "firstname",
            ],
            (Self::Forename, _) => &[
                "legalforename",
                "forename",
                "firstname",
                "legalfirstname",
                "givenname",
                "preferredforename",
                "preferredfirstname",
                "first",
            ],
            (Self::Surname, ImportKind::Contacts) => &[
                "childsurname",
                "studentsurname",
                "pupilsurname",
                "childlastname",
                "studentlastname",
                "pupillastname",
                "surname",
                "legalsurname",
                "lastname",
            ],
            (Self::Surname, _) => &[
                "legalsurname",
                "surname",
                "lastname",
                "legallastname",
                "familyname",
                "preferredsurname",
                "last",
            ],
            (Self::FullName, ImportKind::Contacts) => &[
                "childname",
                "studentname",
                "pupilname",
                "child",
                "student",
                "pupil",
            ],
            (Self::FullName, _) => &[
                "fullname",
                "name",
                "studentname",
                "pupilname",
                "staffname",
                "employeename",
            ],
            (Self::BornOn, _) => &[
                "dob",
                "dateofbirth",
                "birthdate",
                "born",
                "childdob",
                "studentdob",
                "pupildob",
            ],
            (Self::Class, _) => &[
                "class",
                "reggroup",
                "registrationgroup",
                "form",
                "formgroup",
                "classname",
                "regform",
                "registrationform",
                "tutorgroup",
            ],
            (Self::YearGroup, _) => &[
                "year",
                "yeargroup",
                "ncyear",
                "yeartaughtin",
                "ncyearactual",
            ],
            (Self::Email, ImportKind::Contacts) => &[
                "email",
                "emailaddress",
                "parentemail",
                "primaryemail",
                "homeemail",
                "contactemail",
            ],
            (Self::Email, _) => &[
                "workemail",
                "email",
                "emailaddress",
                "schoolemail",
                "primaryemail",
            ],
            (Self::Telephone, _) => &[
                "mobile",
                "mobilephone",
                "telephone",
                "phone",
                "mainphone",
                "telephonenumber",
                "phonenumber",
                "mobilenumber",
                "parentphone",
                "contactphone",
            ],
            (Self::JobTitle, _) => &["jobtitle", "jobrole", "role", "position", "postheld", "job"],
            (Self::StartsOn, _) => &[
                "startdate",
                "admissiondate",
                "dateofadmission",
                "dateofentry",
                "employmentstart",
                "doa",
                "starts",
            ],
            (Self::EndsOn, _) => &[
                "leavingdate",
                "dateofleaving",
                "enddate",
                "leftdate",
                "employmentend",
                "dol",
            ],
            (Self::AdultForename, _) => &[
                "parentforename",
                "contactforename",
                "parentfirstname",
                "contactfirstname",
                "adultforename",
                "guardianforename",
            ],
            (Self::AdultSurname, _) => &[
                "parentsurname",
                "contactsurname",
                "parentlastname",
                "contactlastname",
                "adultsurname",
                "guardiansurname",
            ],
            (Self::AdultName, _) => &[
                "parentname",
                "contactname",
                "parentcarer",
                "parentfullname",
                "contactfullname",
                "adultname",
                "guardian",
                "contact",
                "parent",
            ],
            (Self::Relation, _) => &[
                "relationship",
                "relation",
                "relationtopupil",
                "relationshiptopupil",
                "relationshiptostudent",
            ],
            (Self::Household, _) => &["household", "householdid", "householdname", "homeid"],
            (Self::LivesWith, _) => &[
                "liveswithpupil",
                "liveswithstudent",
                "liveswith",
                "liveswithchild",
                "lives",
            ],
            (Self::Responsibility, _) => &[
                "parentalresponsibility",
                "responsibility",
                "hasparentalresponsibility",
                "pr",
            ],
            (Self::MayBeContacted, _) => &[
                "maybecontacted",
                "cancontact",
                "contactallowed",
                "maycontact",
            ],
            (Self::Priority, _) => &["contactpriority", "priority", "contactorder", "order"],
        }
    }
}

/// Which column holds which field.
pub(crate) type Mapping = BTreeMap<Field, usize>;

/// The likely mapping: what was chosen for a file with the same names last time, else
/// what the names suggest. No column serves twice.
pub(crate) fn guess(
    kind: ImportKind,
    columns: &[String],
    last: &BTreeMap<Field, String>,
) -> Mapping {
    let plain: Vec<String> = columns.iter().map(|name| plain(name)).collect();
    let mut mapping = Mapping::new();
    for field in Field::of(kind) {
        let taken = |column: &usize| !mapping.values().any(|other| other == column);
        let remembered = last
            .get(&field)
            .and_then(|name| columns.iter().position(|column| column == name))
            .filter(taken);
        let suggested = || {
            field
                .synonyms(kind)
                .iter()
                .find_map(|synonym| plain.iter().position(|name| name == synonym).filter(taken))
        };
        if let Some(column) = remembered.or_else(suggested) {
            mapping.insert(field, column);
        }
    }
    mapping
}

fn plain(name: &str) -> String {
    name.chars()
        .filter(|character| character.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// What a mapping lacks, as the field to correct and what to do.
pub(crate) fn lacks(kind: ImportKind, mapping: &Mapping) -> Vec<(Field, &'static str)> {
    let has = |field: Field| mapping.contains_key(&field);
    let mut lacking = Vec::new();
    let named = has(Field::FullName) || (has(Field::Forename) && has(Field::Surname));
    match kind {
        ImportKind::Pupils | ImportKind::Staff if !named => lacking.push((
            Field::Forename,
            "Choose the columns of the first and last name, or one column of full names",
        )),
        ImportKind::Contacts if !(has(Field::PupilNumber) || named && has(Field::BornOn)) => {
            lacking.push((
                Field::PupilNumber,
                "Choose the child’s pupil number, or the child’s name and date of birth",
            ));
        }
        ImportKind::Pupils | ImportKind::Staff | ImportKind::Contacts => {}
    }
    let adult = has(Field::AdultName) || (has(Field::AdultForename) && has(Field::AdultSurname));
    if kind == ImportKind::Contacts && !adult {
        lacking.push((
            Field::AdultForename,
            "Choose the columns of the adult’s first and last name, or one column of full names",
        ));
    }
    lacking
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(names: &str) -> Vec<String> {
        names
            .split(',')
            .map(|name| name.trim().to_owned())
            .collect()
    }

    #[test]
    fn columns_are_recognised_by_the_names_schools_use() {
        let check = |kind, names: &str, expected: &[(Field, usize)]| {
            let found = guess(kind, &columns(names), &BTreeMap::new());
            assert_eq!(
                found,
                expected.iter().copied().collect::<Mapping>(),
                "{names}"
            );
            assert_eq!(lacks(kind, &found), [], "{names}");
        };
        use Field as F;
        check(
            ImportKind::Pupils,
            "UPN, Legal Forename, Legal Surname, DOB, Year, Reg Group, SEN",
            &[
                (F::PupilNumber, 0),
                (F::Forename, 1),
                (F::Surname, 2),
                (F::BornOn, 3),
                (F::YearGroup, 4),
                (F::Class, 5),
            ],
        );
        check(
            ImportKind::Pupils,
            "Name, Date of birth, Class, Ethnicity",
            &[(F::FullName, 0), (F::BornOn, 1), (F::Class, 2)],
        );
        check(
            ImportKind::Staff,
            "First Name, Last Name, Email, Job Role, Post",
            &[
                (F::Forename, 0),
                (F::Surname, 1),
                (F::Email, 2),
                (F::JobTitle, 3),
            ],
        );
        check(
            ImportKind::Contacts,
            "UPN, Parent Forename, Parent Surname, Relationship, Contact priority, Parental responsibility, Lives with pupil, Primary e-mail, Mobile",
            &[
                (F::PupilNumber, 0),
                (F::AdultForename, 1),
                (F::AdultSurname, 2),
                (F::Relation, 3),
                (F::Priority, 4),
                (F::Responsibility, 5),
                (F::LivesWith, 6),
                (F::Email, 7),
                (F::Telephone, 8),
            ],
        );
    }

    #[test]
    fn what_was_chosen_last_time_is_chosen_again() {
        let last = BTreeMap::from([(Field::Class, "Set".to_owned())]);
        let found = guess(ImportKind::Pupils, &columns("Name,Class,Set"), &last);
        assert_eq!(found.get(&Field::Class), Some(&2));
    }

    #[test]
    fn what_a_mapping_lacks_is_said() {
        let check = |kind, names: &str, expected: &[Field]| {
            let found = guess(kind, &columns(names), &BTreeMap::new());
            let lacking: Vec<Field> = lacks(kind, &found)
                .iter()
                .map(|(field, _)| *field)
                .collect();
            assert_eq!(lacking, expected, "{names}");
        };
        check(ImportKind::Pupils, "Forename,Class", &[Field::Forename]);
        check(ImportKind::Staff, "Email,Role", &[Field::Forename]);
        check(
            ImportKind::Contacts,
            "Pupil name,Mobile",
            &[Field::PupilNumber, Field::AdultForename],
        );
    }
}
