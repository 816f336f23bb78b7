//! `schema.sql` is the sum of the migrations: where a newcomer reads the data model.

use crate::db::sql;
use crate::testing::{JUNIOR, on_each_engine};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/schema.sql");

#[test]
fn the_schema_file_is_the_sum_of_the_migrations() {
    on_each_engine(JUNIOR, async |app| {
        if app.school.database.engine_name() != "SQLite" {
            return;
        }
        let rows = sql_master(&app.school.database).await;
        let text = format!(
            "-- The whole schema as it stands, printed from the migrations.\n\
             -- UPDATE=1 cargo test the_schema_file rewrites it.\n\n{}\n",
            rows.join("\n\n")
        );
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(FILE, &text).expect("the file");
        }
        let kept = std::fs::read_to_string(FILE).unwrap_or_default();
        assert_eq!(
            kept, text,
            "run UPDATE=1 cargo test the_schema_file and look at what changed"
        );
    });
}

async fn sql_master(database: &crate::db::Database) -> Vec<String> {
    let mut records = database.read().await.expect("records");
    let only_sqlite = sql;
    only_sqlite(
        "select sql from sqlite_master
         where sql is not null and name not like 'sqlite_%' and name not like '_sqlx%'
         order by case type when 'table' then 1 when 'index' then 2 else 3 end, rowid",
    )
    .all(&mut records)
    .await
    .expect("the schema")
    .iter()
    .map(|row| format!("{};", row.get::<String>("sql").expect("text")))
    .collect()
}
