//! What SQLite keeps beside its file, and when that comes into it.

use super::{Database, Place, sql};
use crate::testing::{PRIMARY, TestSchool, on_one_engine};

async fn people(database: &Database) -> i64 {
    let mut records = database.read().await.expect("the records");
    let row = sql("select count(*) as people from person").one(&mut records);
    row.await.expect("a row").get("people").expect("a count")
}

#[test]
fn what_was_committed_is_brought_into_the_file_beside_the_acts() {
    on_one_engine(PRIMARY, async |app: TestSchool| {
        let file = app.school.data.join("belisha.db");
        let length = || std::fs::metadata(&file).expect("the file").len();
        let before = length();
        app.school.database.settle().await.expect("settled");
        assert!(before < length());
        // The file alone, without the log beside it, holds everything.
        let copy = app.school.data.join("copy.db");
        std::fs::copy(&file, &copy).expect("copied");
        let (copied, _) = Database::open(&Place::File(copy)).await.expect("opened");
        assert_eq!(people(&copied).await, people(&app.school.database).await);
        copied.close().await;
    });
}
