//! The end of the files of a record that is destroyed.

use crate::db::sql;
use crate::entries::Object;
use crate::problem::Problem;
use crate::records;
use crate::tx::Tx;

/// What went.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Erased {
    pub(crate) files: u64,
    pub(crate) keys: u64,
}

/// Deletes every file that is kept with a record, and destroys the keys that only files had.
pub(crate) async fn erase(tx: &mut Tx, belongs_to: &Object) -> Result<Erased, Problem> {
    let own = sql("select distinct record from file where belongs_to = $1 and record <> $1")
        .bind(belongs_to.as_str())
        .all(tx)
        .await?;
    tx.run(
        sql("delete from file_piece where file in (select id from file where belongs_to = $1)")
            .bind(belongs_to.as_str()),
    )
    .await?;
    let files = tx
        .run(sql("delete from file where belongs_to = $1").bind(belongs_to.as_str()))
        .await?;
    let mut keys = 0;
    for row in own {
        let record = Object::read(&row.get::<String>("record")?);
        keys += u64::from(records::destroy(tx, &record).await?);
    }
    Ok(Erased { files, keys })
}
