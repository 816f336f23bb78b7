//! The database by itself: how many small transactions a second reach the disk when
//! nothing is done but inserting one row, with the settings that the product uses.

use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use crate::server::now;

/// Transactions a second, each an insert of half a kilobyte and a commit that waits for the disk.
pub(crate) async fn commits_per_second(folder: &Path, for_ms: u64) -> anyhow::Result<f64> {
    let options = SqliteConnectOptions::new()
        .filename(folder.join("reference.db"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .connect_with(options)
        .await?;
    sqlx::query("create table row (id integer primary key, words text not null)")
        .execute(&pool)
        .await?;
    let words = "x".repeat(512);
    let (began, mut done) = (now(), 0_u32);
    while began.elapsed().as_millis() < u128::from(for_ms) {
        let mut transaction = pool.begin_with("begin immediate").await?;
        sqlx::query("insert into row (words) values ($1)")
            .bind(&words)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        done += 1;
    }
    Ok(f64::from(done) / began.elapsed().as_secs_f64())
}
