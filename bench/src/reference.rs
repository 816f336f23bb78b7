//! The database by itself: how many small transactions a second reach the disk when
//! nothing is done but inserting one row, with the settings that the product uses.

use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use crate::engine::School;
use crate::server::now;

const TABLE: &str = "create table bare_commit (id integer primary key, words text not null)";
const INSERT: &str = "insert into bare_commit (id, words) values ($1, $2)";

/// Transactions a second, each an insert of half a kilobyte and a commit that waits for the disk.
pub(crate) async fn commits_per_second(school: &School, during: Duration) -> anyhow::Result<f64> {
    let words = "x".repeat(512);
    let mut done = 0_i32;
    let began;
    match &school.postgres {
        None => {
            let options = SqliteConnectOptions::new()
                .filename(school.data.with_extension("reference"))
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full);
            let pool = SqlitePoolOptions::new()
                .max_connections(1)
                .connect_with(options)
                .await?;
            sqlx::query(TABLE).execute(&pool).await?;
            began = now();
            while began.elapsed() < during {
                let mut transaction = pool.begin_with("begin immediate").await?;
                sqlx::query(INSERT)
                    .bind(done)
                    .bind(&words)
                    .execute(&mut *transaction)
                    .await?;
                transaction.commit().await?;
                done += 1;
            }
            pool.close().await;
        }
        Some(address) => {
            let pool = PgPoolOptions::new()
                .max_connections(1)
                .connect_with(address.parse::<PgConnectOptions>()?)
                .await?;
            sqlx::query(TABLE).execute(&pool).await?;
            began = now();
            while began.elapsed() < during {
                let mut transaction = pool.begin().await?;
                sqlx::query(INSERT)
                    .bind(done)
                    .bind(&words)
                    .execute(&mut *transaction)
                    .await?;
                transaction.commit().await?;
                done += 1;
            }
            pool.close().await;
        }
    }
    Ok(f64::from(done) / began.elapsed().as_secs_f64())
}
