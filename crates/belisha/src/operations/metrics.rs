//! Metrics in Prometheus' text form, for whoever runs the server. Labels are paths of
//! routes, methods, statuses and the names of schools' folders; never an id, never a name.

use std::sync::OnceLock;
use std::sync::atomic::Ordering;

use axum::extract::{MatchedPath, Request, State};
use axum::http::header;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use metrics::{counter, gauge, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use crate::clock::Stopwatch;
use crate::db::sql;
use crate::problem::{Fault, Problem};
use crate::school::School;
use crate::web::App;

const REQUESTS: &str = "belisha_requests_total";
const DURATION: &str = "belisha_request_seconds";
const JOBS_WAITING: &str = "belisha_jobs_waiting";
const JOBS_FAILED: &str = "belisha_jobs_failed";
const JOURNAL: &str = "belisha_journal_entries";
const BACKUP_AGE: &str = "belisha_backup_age_seconds";
const PASSWORD_WORK: &str = "belisha_password_work_mib";

/// The bounds of the histogram, in seconds: pages are meant to take milliseconds.
const BOUNDS: &[f64] = &[
    0.001, 0.0025, 0.005, 0.01, 0.015, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0,
];

/// The one recorder of this process.
fn recorder() -> Result<&'static PrometheusHandle, Fault> {
    static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    HANDLE
        .get_or_init(|| {
            let handle = PrometheusBuilder::new()
                .set_buckets_for_metric(Matcher::Full(DURATION.to_owned()), BOUNDS)
                .and_then(PrometheusBuilder::install_recorder)
                .ok()?;
            metrics::describe_counter!(REQUESTS, "Requests by route, method and status.");
            metrics::describe_histogram!(
                DURATION,
                "How long requests took, in seconds, by route and method."
            );
            metrics::describe_gauge!(
                JOBS_WAITING,
                "Background work that is due and not finished."
            );
            metrics::describe_gauge!(JOBS_FAILED, "Duties whose newest run failed.");
            metrics::describe_gauge!(JOURNAL, "Entries in the journal.");
            metrics::describe_gauge!(
                BACKUP_AGE,
                "Seconds since the newest backup that was proved good; -1 where there is none."
            );
            metrics::describe_gauge!(
                PASSWORD_WORK,
                "Work put into passwords since the start, in MiB times passes: rises with every guess."
            );
            Some(handle)
        })
        .as_ref()
        .ok_or_else(|| Fault::said("another recorder of metrics is installed".into()))
}

/// Counts a request and how long it took.
pub(crate) async fn measure(request: Request, next: Next) -> Response {
    let path = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "none".to_owned(), |path| path.as_str().to_owned());
    let method = request.method().as_str().to_owned();
    let watch = Stopwatch::start();
    let response = next.run(request).await;
    // Without a recorder there is nobody to ask, and nothing is counted.
    if recorder().is_ok() {
        let status = response.status().as_u16().to_string();
        counter!(REQUESTS, "route" => path.clone(), "method" => method.clone(), "status" => status)
            .increment(1);
        histogram!(DURATION, "route" => path, "method" => method).record(watch.seconds());
    }
    response
}

pub(super) async fn get(State(app): State<App>) -> Result<Response, Problem> {
    let recorder = recorder()?;
    for school in app.schools() {
        look(school).await?;
    }
    let plain = header::HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, plain)], recorder.render()).into_response())
}

/// What only the records know, read when it is asked for.
async fn look(school: &School) -> Result<(), Fault> {
    let now = school.clock.now();
    let row = sql(
        "select (select count(*) from job where finished_at is null and due_at <= $1) as waiting,
                (select count(*) from job where fault is not null and not exists (
                     select 1 from job later where later.kind = job.kind and later.finished_at > job.finished_at)) as failed,
                (select coalesce(max(sequence) + 1, 0) from journal_entry) as entries",
    )
    .bind(now)
    .one(&mut school.database.read().await?)
    .await?;
    let age = crate::backups::newest_proved_at(school)
        .await?
        .map_or(-1, |made_at| now.duration_since(made_at).as_secs());
    let password_work = school.password_work.load(Ordering::Relaxed) / 1024;
    let password_work = i64::try_from(password_work).unwrap_or(i64::MAX);
    let values = [
        (JOBS_WAITING, row.get::<i64>("waiting")?),
        (JOBS_FAILED, row.get::<i64>("failed")?),
        (JOURNAL, row.get::<i64>("entries")?),
        (BACKUP_AGE, age),
        (PASSWORD_WORK, password_work),
    ];
    for (name, value) in values {
        // Exact up to 2^53, which no count here reaches.
        #[expect(clippy::cast_precision_loss, reason = "metrics are floating numbers")]
        gauge!(name, "school" => school.folder.clone()).set(value as f64);
    }
    Ok(())
}
