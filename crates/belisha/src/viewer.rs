//! Who is looking. Every request passes [`admit`] before its handler: it finds the
//! school, the session and the person, and turns back whoever the route does not let in.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use belisha_rules::access::{self, AccountState};
use belisha_rules::accounts::needs_second_factor;
use belisha_rules::agreements::Shut;
use belisha_rules::ids::{PersonId, SessionId};
use belisha_rules::people::Hats;
use belisha_rules::sessions::SessionRule;
use belisha_vault::{PersonPrivate, SessionToken};
use jiff::{SignedDuration, Timestamp};

use crate::accounts::sessions::SessionStanding;
use crate::accounts::{self, held_form, sessions};
use crate::actor::{Actor, Factor};
use crate::problem::{Fault, Problem};
use crate::school::{InForce, School};
use crate::upkeep::{Upkeep, keep};
use crate::web::route::{Needs, Step};
use crate::web::{App, address, cookies};

/// Requests that a page makes by itself carry this header and are no sign of life.
const BACKGROUND: &str = "x-belisha-background";
/// Writing down every request would make each page a write; this is near enough.
const ACTIVITY_STEP: SignedDuration = SignedDuration::from_secs(20);

/// A person whose session is open, or a program that acts for one.
#[derive(Clone)]
pub struct Viewer {
    pub school: Arc<School>,
    pub policy: Arc<InForce>,
    pub person: PersonId,
    pub name: String,
    pub hats: Hats,
    pub access: access::Viewer,
    pub session: Option<SessionId>,
    pub factor: Factor,
    pub now: Timestamp,
    pub address: IpAddr,
    /// The path that is shown, so that the navigation can mark it.
    pub path: String,
    /// How many notices wait unopened; every page shows it.
    pub unread: u32,
    private_key: Option<Arc<PersonPrivate>>,
    active_before: Timestamp,
    /// The session behind this viewer; none for a program.
    half_way: Option<HalfWay>,
}

impl Viewer {
    pub fn actor(&self) -> Actor {
        Actor::Person {
            person: self.person,
            session: self.session,
            factor: self.factor,
        }
    }

    /// How this session was signed in to, however fresh it is.
    pub(crate) fn session_factor(&self) -> Factor {
        self.half_way
            .as_ref()
            .map_or(Factor::None, |half_way| half_way.session.factor)
    }

    /// When the person last proved who they are in this session, with the second factor.
    pub(crate) fn proved_at(&self) -> Option<Timestamp> {
        self.half_way
            .as_ref()
            .and_then(|half_way| half_way.session.proved_at())
    }

    /// A program that acts for a person. It has no key of its own.
    #[expect(
        clippy::too_many_arguments,
        reason = "each is a fact the gate has just found"
    )]
    pub(crate) fn of_program(
        school: Arc<School>,
        policy: Arc<InForce>,
        person: PersonId,
        name: String,
        hats: Hats,
        access: access::Viewer,
        now: Timestamp,
        address: IpAddr,
        path: &str,
    ) -> Self {
        Self {
            school,
            policy,
            person,
            name,
            hats,
            access,
            session: None,
            factor: Factor::None,
            now,
            address,
            path: path.to_owned(),
            unread: 0,
            private_key: None,
            active_before: now,
            half_way: None,
        }
    }

    /// Begins an act of this person.
    pub async fn write(&self) -> Result<crate::tx::Tx, Fault> {
        self.school.write(self.actor()).await
    }

    /// A connection that reads the school's records.
    pub async fn read(&self) -> Result<crate::db::Connection, Fault> {
        self.school.database.read().await
    }

    pub fn today(&self) -> jiff::civil::Date {
        self.school.date_of(self.now)
    }

    /// The person's private key, for opening what is sealed to them. A program's token
    /// has none: what is sealed to persons is not for programs.
    pub fn key(&self) -> Result<&PersonPrivate, Problem> {
        self.private_key.as_deref().ok_or(Problem::NotFound)
    }

    /// What the rules say of this person doing this to that.
    pub fn may(&self, action: access::Action, record: &access::RecordFacts) -> access::Decision {
        access::may(&self.access, action, record, self.now)
    }

    /// The same, as an act asks it: hidden is not found, refused says why.
    pub fn require(
        &self,
        action: access::Action,
        record: &access::RecordFacts,
    ) -> Result<(), Problem> {
        require(&self.access, action, record, self.now)
    }
}

/// Turns the rules' decision into the act's way out.
pub fn require(
    viewer: &access::Viewer,
    action: access::Action,
    record: &access::RecordFacts,
    now: Timestamp,
) -> Result<(), Problem> {
    match access::may(viewer, action, record, now) {
        access::Decision::Allowed(_) => Ok(()),
        access::Decision::Hidden => Err(Problem::NotFound),
        access::Decision::Refused(why) => {
            Err(Problem::refused("You may not do this", why.sentence()))
        }
    }
}

/// A person between the password and an open session; see [`Step`].
#[derive(Clone)]
pub struct HalfWay {
    pub school: Arc<School>,
    pub(crate) session: sessions::Found,
    pub now: Timestamp,
    pub address: IpAddr,
}

/// The school that was asked, for pages that need nobody.
#[derive(Clone)]
pub struct Here {
    pub school: Arc<School>,
    pub address: IpAddr,
    /// The person, where one happens to be signed in.
    pub viewer: Option<Viewer>,
}

/// Lets a request in or turns it back.
pub(crate) async fn admit(
    app: &App,
    needs: Needs,
    mut request: Request,
) -> Result<Request, Problem> {
    let address = address::client(app, request.extensions(), request.headers());
    // What is asked of the server itself is answered whatever name it is called by.
    match needs {
        Needs::NoSchool => return Ok(request),
        Needs::Operator if !address.is_loopback() => return Err(Problem::NotFound),
        Needs::Operator => return Ok(request),
        _ => {}
    }
    let host = request
        .headers()
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .or_else(|| {
            request
                .uri()
                .authority()
                .map(|authority| authority.as_str())
        })
        .unwrap_or_default();
    let school = Arc::clone(app.school_at(host).ok_or(Problem::NotFound)?);
    let path = request.uri().path().to_owned();
    if school.database.has_several_writers() {
        // Another server may have changed the school's facts since.
        school.settings_changed().await?;
    }
    let is_set_up = school.settings().set_up_at.is_some();
    let here = Here {
        school: Arc::clone(&school),
        address,
        viewer: None,
    };
    request.extensions_mut().insert(here.clone());

    match needs {
        // Let in above.
        Needs::NoSchool | Needs::Operator => return Ok(request),
        Needs::Nothing => {
            if is_set_up
                && let Ok(Gate::Open(viewer)) =
                    gate(&school, request.headers(), address, &path).await
            {
                request.extensions_mut().insert(Here {
                    viewer: Some(*viewer),
                    ..here
                });
            }
            return Ok(request);
        }
        Needs::Unset => {
            return if is_set_up {
                Err(Problem::NotFound)
            } else {
                Ok(request)
            };
        }
        Needs::Scope(scope) => {
            let viewer =
                crate::api::tokens::admit(&school, request.headers(), scope, address, &path)
                    .await?;
            request.extensions_mut().insert(viewer);
            return Ok(request);
        }
        Needs::Enrolment => {
            let device = crate::filter::admit_device(&school, request.headers()).await?;
            request.extensions_mut().insert(device);
            return Ok(request);
        }
        Needs::Session | Needs::SteppedUp | Needs::Step(_) => {}
    }
    if !is_set_up {
        return Err(Problem::GoTo(crate::schools::set_up::url()));
    }
    let gate = gate(&school, request.headers(), address, &path).await?;
    let background = request.headers().contains_key(BACKGROUND);
    if background && !matches!(gate, Gate::Open(_)) {
        return Err(Problem::refused(
            "This screen is locked",
            "Unlock it, or sign in again, and go on where you were.",
        ));
    }
    match (needs, gate) {
        (Needs::Step(step), Gate::Step(due, half_way)) if step == due => {
            request.extensions_mut().insert(half_way);
            Ok(request)
        }
        // The step is behind them already: nothing to do there.
        (Needs::Step(_), Gate::Open(_)) => Err(Problem::GoTo(crate::home::url())),
        (_, Gate::Shut(over)) => {
            let then = accounts::then::of(&request);
            if let Some(over) = over {
                held_form::hold(&over, request).await?;
            }
            Err(Problem::GoTo(accounts::sign_in::url_then(&then)))
        }
        (_, Gate::Step(due, half_way)) => {
            let then = accounts::then::of(&request);
            if due == Step::Unlock {
                held_form::hold(&half_way, request).await?;
            }
            Err(Problem::GoTo(accounts::step_url_then(due, &then)))
        }
        (needs, Gate::Open(viewer)) => {
            if needs == Needs::SteppedUp && viewer.factor != Factor::SteppedUp {
                let then = accounts::then::of(&request);
                if let Some(half_way) = viewer.half_way {
                    held_form::hold(&half_way, request).await?;
                }
                return Err(Problem::GoTo(accounts::step_up::url_then(&then)));
            }
            if let (false, Some(session)) = (background, viewer.session)
                && viewer.active_before + ACTIVITY_STEP < viewer.now
            {
                keep(
                    &school.database,
                    Upkeep::SessionUsed {
                        session,
                        at: viewer.now,
                    },
                )
                .await?;
            }
            request.extensions_mut().insert(Here {
                viewer: Some((*viewer).clone()),
                ..here
            });
            request.extensions_mut().insert(*viewer);
            Ok(request)
        }
    }
}

/// How far a browser has come.
enum Gate {
    /// Nobody is signed in; with the session that is over, where there was one.
    Shut(Option<HalfWay>),
    Step(Step, HalfWay),
    Open(Box<Viewer>),
}

async fn gate(
    school: &Arc<School>,
    headers: &HeaderMap,
    address: IpAddr,
    path: &str,
) -> Result<Gate, Problem> {
    let Some(token) = token(headers) else {
        return Ok(Gate::Shut(None));
    };
    let now = school.clock.now();
    let mut records = school.database.read().await?;
    let Some(found) = sessions::find(&mut records, &token).await? else {
        return Ok(Gate::Shut(None));
    };
    let in_force = school.in_force(&mut records).await?;
    let half_way = HalfWay {
        school: Arc::clone(school),
        session: found.clone(),
        now,
        address,
    };
    let today = school.date_of(now);
    let facts = crate::people::hats::of(&mut records, found.person, today).await?;
    let shut = crate::agreements::holds_account(&mut records, found.person, today)
        .await?
        .then_some(Shut::Account);
    let standing = found.standing(
        SessionRule::of(&in_force.policy, &facts.hats),
        needs_second_factor(&in_force.policy, &facts.hats),
        shut,
        now,
        &school.settings().time_zone,
    );
    let state = match standing {
        SessionStanding::NoAccess => return Ok(Gate::Shut(None)),
        SessionStanding::Over => return Ok(Gate::Shut(Some(half_way))),
        SessionStanding::Due(step, _) if !may_pass_by(step, path) => {
            if step == Step::Unlock && found.locked_at.is_none() {
                drop(records);
                sessions::lock(school, &found).await?;
            }
            return Ok(Gate::Step(step, half_way));
        }
        SessionStanding::Due(_, state) => state,
        SessionStanding::Open => AccountState::Active,
    };
    let unread = crate::notices::unread(&mut records, found.person).await?;
    let withheld =
        crate::incidents::withholding::is_withheld(&mut records, &facts.identity).await?;
    let private_key = found.open_key(school, &token)?;
    Ok(Gate::Open(Box::new(Viewer {
        school: Arc::clone(school),
        policy: in_force,
        person: found.person,
        name: found.name.clone(),
        access: access::Viewer::person(facts.identity, &facts.hats, state).withheld(withheld),
        hats: facts.hats,
        session: Some(found.id),
        factor: if found.is_fresh(now) {
            Factor::SteppedUp
        } else {
            found.factor
        },
        now,
        address,
        path: path.to_owned(),
        unread,
        private_key: private_key.map(Arc::new),
        active_before: found.last_active_at,
        half_way: Some(half_way),
    })))
}

/// The pages that stand open while something is owed: raising a concern is always possible.
fn may_pass_by(step: Step, path: &str) -> bool {
    match step {
        Step::Unlock | Step::SecondFactor | Step::NewPassword => false,
        Step::Enrolment => accounts::may_visit_unenrolled(path),
        Step::Agreement => crate::agreements::may_visit_unsigned(path),
    }
}

/// The session's token, from the cookie.
pub(crate) fn token(headers: &HeaderMap) -> Option<SessionToken> {
    cookies::value(headers, cookies::SESSION).and_then(SessionToken::read)
}

impl<S: Sync> FromRequestParts<S> for Viewer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        found(parts)
    }
}

impl<S: Sync> FromRequestParts<S> for HalfWay {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        found(parts)
    }
}

impl<S: Sync> FromRequestParts<S> for Here {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        found(parts)
    }
}

fn found<T: Clone + Send + Sync + 'static>(parts: &Parts) -> Result<T, Problem> {
    parts.extensions.get().cloned().ok_or_else(|| {
        Fault::said(format!(
            "{} asks for what its route does not demand",
            parts.uri.path()
        ))
        .into()
    })
}
