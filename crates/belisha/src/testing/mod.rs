//! A school of a test's own: a real database on each engine, a clock the test
//! sets, people with hats, and clients that are those people.

mod page;

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use belisha_policy::{Post, Standing, Word as _};
use belisha_rules::ids::{PersonId, PolicyVersionId};
use belisha_rules::sessions::SessionRule;
use belisha_vault::{Cost, KeyFile, Kit, PasswordWrap, Person, PersonPrivate};
use jiff::{SignedDuration, Timestamp};
use tower::ServiceExt as _;

use crate::accounts::sessions;
use crate::actor::{Actor, Factor};
use crate::clock::{ForVault, SeededChance, SetClock};
use crate::db::{Database, Place, sql};
use crate::entries::{Entry, EntryKind, Object};
use crate::mail::Mail;
use crate::school::{Opening, School};
use crate::web::cookies::{DEVICE, SESSION as COOKIE, SET_UP};
use crate::web::{self, App};

pub(crate) use page::Page;

/// A Wednesday in term, just before nine.
const MORNING: &str = "2026-09-23T08:55:00+01:00";
/// The password of everybody in tests.
pub(crate) const PASSWORD: &str = "a lantern in the crossing";

/// What junior.md and primary.md say, for tests of both schools.
pub(crate) const JUNIOR: &str = include_str!("../../../../packs/junior.md");
pub(crate) const PRIMARY: &str = include_str!("../../../../packs/primary.md");

/// Names the rows of docs/requirements.tsv that a test shows. It does nothing when it
/// runs; the table in docs/requirements.md is made from these calls.
pub(crate) fn covers(_rows: &[&str]) {}

/// A school that exists for one test on one engine.
pub(crate) struct TestSchool {
    pub(crate) school: Arc<School>,
    pub(crate) clock: Arc<SetClock>,
    pub(crate) router: Router,
    folder: PathBuf,
    place: Place,
    /// The recovery kit that the set-up made.
    kit: OnceLock<Kit>,
}

/// Runs a test on SQLite, and on PostgreSQL where `BELISHA_TEST_POSTGRES` names a
/// server, as `./test` sees to. The school follows this policy.
pub(crate) fn on_each_engine(policy: &str, test: impl AsyncFn(TestSchool)) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let folder = new_folder();
        let file = Place::File(folder.join("belisha.db"));
        test(TestSchool::open(file, folder, policy).await).await;
        if let Ok(address) = std::env::var("BELISHA_TEST_POSTGRES") {
            let folder = new_folder();
            let schema = folder
                .file_name()
                .and_then(|name| name.to_str())
                .expect("a plain name")
                .replace('-', "_");
            let place = Place::Postgres { address, schema };
            test(TestSchool::open(place, folder, policy).await).await;
        }
    });
}

/// Runs a test on SQLite alone: for walks that are long and ask nothing of the engine.
pub(crate) fn on_one_engine(policy: &str, test: impl AsyncFn(TestSchool)) {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(async {
            let folder = new_folder();
            let file = Place::File(folder.join("belisha.db"));
            test(TestSchool::open(file, folder, policy).await).await;
        });
}

/// Runs a test of a school that is not set up yet, on SQLite.
pub(crate) fn unset(test: impl AsyncFn(TestSchool)) {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(async {
            let folder = new_folder();
            let file = Place::File(folder.join("belisha.db"));
            test(TestSchool::unset(file, folder).await).await;
        });
}

fn new_folder() -> PathBuf {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let number = COUNT.fetch_add(1, Ordering::SeqCst);
    let folder = std::env::temp_dir().join(format!("belisha-test-{}-{number}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a temporary folder");
    folder
}

impl TestSchool {
    async fn open(place: Place, folder: PathBuf, policy: &str) -> Self {
        let this = Self::unset(place, folder).await;
        this.set_up(policy).await;
        this
    }

    async fn unset(place: Place, folder: PathBuf) -> Self {
        web::pdf::bring(belisha_press::render);
        let clock = Arc::new(SetClock::at(MORNING.parse().expect("an instant")));
        let chance = Arc::new(SeededChance::new(20_260_923));
        let (database, _) = Database::open(&place).await.expect("records");
        let keys = folder.with_extension("keys");
        let key_file =
            KeyFile::create(&keys, &folder, &mut ForVault(&*chance)).expect("a key file");
        let school = School::open(Opening {
            folder: "school".into(),
            data: folder.clone(),
            backups: None,
            database,
            key_file,
            clock: clock.clone(),
            chance,
            mail: Mail::None,
            scanner: None,
            address: "http://localhost".into(),
        })
        .await
        .expect("a school");
        Self {
            router: web::router(App::new(vec![Arc::clone(&school)], Vec::new(), false)),
            school,
            clock,
            folder,
            place,
            kit: OnceLock::new(),
        }
    }

    /// Writes what the set-up wizard would: the school, a kit, and a policy in force.
    async fn set_up(&self, policy: &str) {
        let school = &self.school;
        let mut tx = school
            .write(Actor::School("set-up"))
            .await
            .expect("a transaction");
        let (now, today) = (tx.now(), tx.today());
        let kit = Kit::new(&mut ForVault(&*school.chance));
        let version: PolicyVersionId = tx.new_id();
        for statement in [
            sql("insert into school (only_row, id, name, address, town, urn, time_zone, demonstration, set_up_at)
                 values (1, $1, 'Larkfield School', '1 Chalk Lane', 'Larkfield', '', 'Europe/London', false, $2)")
                .bind(school.new_row_id())
                .bind(now),
            sql("insert into school_term (id, name, starts_on, ends_on)
                 values ($1, 'Autumn 2026', '2026-09-02', '2026-12-18')")
                .bind(school.new_row_id()),
            sql("insert into recovery_kit (id, recipient, made_at, made_by, confirmed_at, retired_at)
                 values ($1, $2, $3, 'system:set-up', $3, null)")
                .bind(school.new_row_id())
                .bind(kit.recipient().to_string())
                .bind(now),
            sql("insert into policy_version (id, number, text, pack, state, revision, made_at, made_by,
                                             in_force_on, reviewed_on, next_review_on)
                 values ($1, 1, $2, 'test', 'in-force', 1, $3, 'system:set-up', $4, $4, null)")
                .bind(version.to_string())
                .bind(policy)
                .bind(now)
                .bind(today),
        ] {
            tx.run(statement).await.expect("a row");
        }
        tx.commit(Entry::of(
            EntryKind::SchoolSetUp,
            Object::new("school", "set-up"),
        ))
        .await
        .expect("a commit");
        school.settings_changed().await.expect("the school's facts");
        let _ = self.kit.set(kit);
    }

    /// Another server of the same school: the same records and keys, and nothing else in common.
    pub(crate) async fn second_server(&self) -> (Arc<School>, Router) {
        let (database, _) = Database::open(&self.place).await.expect("records");
        let key_file =
            KeyFile::open(self.school.key_file.path(), &self.folder).expect("the key file");
        let school = School::open(Opening {
            folder: "school".into(),
            data: self.folder.clone(),
            backups: None,
            database,
            key_file,
            clock: self.clock.clone(),
            // Of its own, or both would draw the same ids.
            chance: Arc::new(SeededChance::new(20_260_924)),
            mail: Mail::None,
            scanner: None,
            address: "http://localhost".into(),
        })
        .await
        .expect("a school");
        let app = App::new(vec![Arc::clone(&school)], Vec::new(), false);
        (school, web::router(app))
    }

    /// Whether the records are in PostgreSQL.
    pub(crate) fn is_on_postgres(&self) -> bool {
        matches!(self.place, Place::Postgres { .. })
    }

    /// Keeps a person's key for the recovery kit, as choosing a password does.
    pub(crate) async fn keep_key_for_kit(&self, person: PersonId) {
        let private = self.private_key(person).await;
        let school = &self.school;
        let mut tx = school
            .write(Actor::School("set-up"))
            .await
            .expect("a transaction");
        let kept = crate::accounts::keys::for_recovery(&mut tx, person, &private)
            .await
            .expect("a kept key");
        tx.run(
            sql("update account set private_key_by_recovery = $2 where person = $1")
                .bind(person.to_string())
                .bind(kept),
        )
        .await
        .expect("a row");
        tx.commit(Entry::of(
            EntryKind::PersonChanged,
            Object::new("account", person),
        ))
        .await
        .expect("a commit");
    }

    /// A person's private key, by the password of everybody in tests.
    async fn private_key(&self, person: PersonId) -> PersonPrivate {
        let school = &self.school;
        let mut records = school.database.read().await.expect("records");
        let row = sql("select password_record, public_key from account where person = $1")
            .bind(person.to_string())
            .one(&mut records)
            .await
            .expect("an account");
        drop(records);
        let wrap = PasswordWrap::from_bytes(&row.get::<Vec<u8>>("password_record").expect("bytes"))
            .expect("a password record");
        let public = belisha_vault::PersonPublic::from_bytes(
            &row.get::<Vec<u8>>("public_key").expect("bytes"),
        )
        .expect("a key");
        let (settings, id) = (school.settings(), person.to_string());
        let place = Person {
            school: &settings.id,
            id: &id,
        };
        wrap.open(&place, PASSWORD, &public).expect("the password")
    }

    /// The texts of the three sheets of the recovery kit.
    pub(crate) fn sheets(&self) -> Vec<String> {
        let kit = self.kit.get().expect("a school that is set up");
        let sheets = kit.split(&mut ForVault(&*self.school.chance));
        sheets.iter().map(|sheet| sheet.text().to_owned()).collect()
    }

    /// The recovery kit, joined from two of its sheets.
    pub(crate) fn kit(&self) -> Kit {
        let sheets = self.sheets();
        Kit::join(&sheets[0], &sheets[2]).expect("two sheets of one kit")
    }

    /// Adds a person with posts, an account and a second factor.
    pub(crate) async fn person(&self, name: &str, standing: Standing, posts: &[Post]) -> PersonId {
        let school = &self.school;
        let mut tx = school
            .write(Actor::School("set-up"))
            .await
            .expect("a transaction");
        let id: PersonId = tx.new_id();
        let (now, today) = (tx.now(), tx.today());
        tx.run(
            sql("insert into person (id, name, sort_name, standing, job_title, email, telephone, upn,
                                     born_on, starts_on, ends_on, merged_into)
                 values ($1, $2, $3, $4, '', $5, null, null, null, '2025-09-01', null, null)")
            .bind(id.to_string())
            .bind(name)
            .bind(name.to_lowercase())
            .bind(standing.key())
            .bind(Self::sign_in_name(name)),
        )
        .await
        .expect("a person");
        for post in posts {
            tx.run(
                sql(
                    "insert into post_holding (id, post, person, deputy, from_on, until_on)
                     values ($1, $2, $3, false, $4, null)",
                )
                .bind(school.new_row_id())
                .bind(post.key())
                .bind(id.to_string())
                .bind(today),
            )
            .await
            .expect("a post");
        }
        let chance = &mut ForVault(&*school.chance);
        let private = PersonPrivate::new(chance);
        let (settings, person) = (school.settings(), id.to_string());
        let place = Person {
            school: &settings.id,
            id: &person,
        };
        let cheap = Cost::of(8, 1).expect("a cost");
        let wrap = PasswordWrap::new(&private, &place, PASSWORD, cheap, chance);
        tx.run(
            sql("insert into account (person, sign_in_name, state, ends_at, password_record, password_set_at,
                                      totp_sealed, totp_last_step, second_factor_at, public_key,
                                      private_key_by_password, private_key_by_recovery,
                                      must_change_password, created_at, created_by, disabled_at)
                 values ($1, $2, 'active', null, $3, $4, $6, null, $4, $5, null, null, false, $4, 'system:set-up', null)")
            .bind(&person)
            .bind(Self::sign_in_name(name))
            .bind(wrap.to_bytes())
            .bind(now)
            .bind(private.public().to_bytes().as_slice())
            .bind(school.key_file.keys().seal_second_factor(&place, &[7; 20], chance)),
        )
        .await
        .expect("an account");
        tx.commit(Entry::of(EntryKind::PersonAdded, Object::new("person", id)))
            .await
            .expect("a commit");
        id
    }

    /// Serves the same school with a virus scanner from now on.
    pub(crate) async fn with_scanner(&mut self, scanner: crate::files::Scanner) {
        let keys = self.folder.with_extension("keys");
        let school = School::open(Opening {
            folder: "school".into(),
            data: self.folder.clone(),
            backups: None,
            database: self.school.database.clone(),
            key_file: KeyFile::open(&keys, &self.folder).expect("the key file"),
            clock: self.clock.clone(),
            chance: Arc::clone(&self.school.chance),
            mail: Mail::None,
            scanner: Some(scanner),
            address: "http://localhost".into(),
        })
        .await
        .expect("the school");
        self.router = web::router(App::new(vec![Arc::clone(&school)], Vec::new(), false));
        self.school = school;
    }

    pub(crate) fn sign_in_name(name: &str) -> String {
        format!(
            "{}@larkfield.example",
            name.to_lowercase().replace([' ', '’', '\''], ".")
        )
    }

    /// A browser in which this person is signed in, second factor and all.
    pub(crate) async fn as_person(&self, person: PersonId) -> Client {
        let school = &self.school;
        let private = self.private_key(person).await;
        let actor = Actor::Person {
            person,
            session: None,
            factor: Factor::SecondFactor,
        };
        let mut tx = school.write(actor).await.expect("a transaction");
        let (token, session) = sessions::start(
            &mut tx,
            person,
            &private,
            Factor::SecondFactor,
            "a test",
            "127.0.0.1",
            SessionRule {
                idle: SignedDuration::from_mins(10),
                lasts: SignedDuration::from_hours(12),
                at_once: 3,
            },
        )
        .await
        .expect("a session");
        tx.commit(Entry::of(
            EntryKind::SessionStarted,
            Object::new("session", session),
        ))
        .await
        .expect("a commit");
        Client {
            router: self.router.clone(),
            cookie: Some(token.text().to_string()),
            device: None,
            setting_up: None,
            person: Some(person),
        }
    }

    /// A new person with these posts, signed in.
    pub(crate) async fn signed_in(&self, name: &str, posts: &[Post]) -> Client {
        let standing = match posts.first() {
            Some(
                Post::ChairOfGovernors | Post::ViceChairOfGovernors | Post::SafeguardingGovernor,
            ) => Standing::Governor,
            _ => Standing::Staff,
        };
        let person = self.person(name, standing, posts).await;
        self.as_person(person).await
    }

    /// A browser in which nobody is signed in.
    pub(crate) fn nobody(&self) -> Client {
        Client {
            router: self.router.clone(),
            cookie: None,
            device: None,
            setting_up: None,
            person: None,
        }
    }

    /// One value of one row, as text or number.
    pub(crate) async fn count(&self, statement: &'static str) -> i64 {
        let mut records = self.school.database.read().await.expect("records");
        sql(statement)
            .one(&mut records)
            .await
            .expect("a row")
            .get("count")
            .expect("a column called count")
    }

    /// The kinds of entry in the journal, oldest first.
    pub(crate) async fn journal(&self) -> Vec<String> {
        let mut records = self.school.database.read().await.expect("records");
        sql("select action from journal_entry order by sequence")
            .all(&mut records)
            .await
            .expect("entries")
            .iter()
            .map(|row| row.get("action").expect("an action"))
            .collect()
    }

    pub(crate) fn at(&self, instant: &str) {
        self.clock
            .set(instant.parse::<Timestamp>().expect("an instant"));
    }
}

impl Drop for TestSchool {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
        let _ = std::fs::remove_file(self.folder.with_extension("keys"));
        let _ = std::fs::remove_file(self.folder.with_extension("drill"));
    }
}

/// A browser.
#[derive(Clone)]
pub(crate) struct Client {
    router: Router,
    pub(crate) cookie: Option<String>,
    /// The cookie by which an account knows this browser again.
    pub(crate) device: Option<String>,
    pub(crate) setting_up: Option<String>,
    pub(crate) person: Option<PersonId>,
}

impl Client {
    /// The same browser, answered by another server.
    pub(crate) fn at(&self, server: &Router) -> Self {
        Self {
            router: server.clone(),
            ..self.clone()
        }
    }

    pub(crate) fn id(&self) -> PersonId {
        self.person.expect("somebody is signed in")
    }

    pub(crate) async fn get(&mut self, path: &str) -> Page {
        let request = Request::get(path);
        self.send(request, Body::empty()).await
    }

    /// Sends a form and follows where it leads.
    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let sent = self.post_only(path, fields).await;
        self.follow(sent).await
    }

    /// Sends a form; the answer as it comes.
    pub(crate) async fn post_only(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(fields);
        let request = Request::post(path)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request, Body::from(body.finish())).await
    }

    /// Fills the form that has this button, hidden fields and all, and sends it.
    pub(crate) async fn submit(
        &mut self,
        page: &Page,
        button: &str,
        fields: &[(&str, &str)],
    ) -> Page {
        let (path, mut pairs) = page.form_with(button);
        pairs.retain(|(name, _)| !fields.iter().any(|(given, _)| given == name));
        let mut all: Vec<(&str, &str)> = pairs
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        all.extend_from_slice(fields);
        self.post(&path, &all).await
    }

    async fn follow(&mut self, mut page: Page) -> Page {
        for _ in 0..5 {
            let Some(to) = page.location.clone() else {
                return page;
            };
            page = self.get(&to).await;
        }
        page
    }

    /// Any request, as a program may send it.
    pub(crate) async fn send(&mut self, request: axum::http::request::Builder, body: Body) -> Page {
        let mut request = request.header(header::HOST, "localhost");
        for (name, value) in [
            (COOKIE, &self.cookie),
            (DEVICE, &self.device),
            (SET_UP, &self.setting_up),
        ] {
            if let Some(value) = value {
                request = request.header(header::COOKIE, format!("{name}={value}"));
            }
        }
        let request = request.body(body).expect("a request");
        let path = request.uri().to_string();
        let response = self
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("an answer");
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let text = cookie.to_str().expect("text");
            if let Some(value) = text.strip_prefix(&format!("{COOKIE}=")) {
                let value = value.split(';').next().unwrap_or_default();
                self.cookie = (!value.is_empty()).then(|| value.to_owned());
            }
            if let Some(value) = text.strip_prefix(&format!("{DEVICE}=")) {
                self.device = value.split(';').next().map(str::to_owned);
            }
            if let Some(value) = text.strip_prefix(&format!("{SET_UP}=")) {
                self.setting_up = value.split(';').next().map(str::to_owned);
            }
        }
        Page::read(path, response).await
    }
}
