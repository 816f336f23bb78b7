//! Devices in the records.

use belisha_rules::devices::Particulars;
use belisha_rules::ids::PersonId;

use crate::db::{Connection, Row, sql};
use crate::problem::{Fault, Problem};
use crate::tx::Tx;

/// A device in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::filter) struct Device {
    pub(in crate::filter) id: String,
    pub(in crate::filter) particulars: Particulars,
    pub(in crate::filter) token: Option<String>,
    pub(super) class_name: Option<String>,
    pub(super) holder_name: Option<String>,
}

/// All that are in use, by name.
pub(in crate::filter) async fn all(connection: &mut Connection) -> Result<Vec<Device>, Fault> {
    sql(
        "select filter_device.device, filter_device.name, filter_device.hardware,
                filter_device.address, filter_device.for_group, filter_device.class,
                filter_device.holder, filter_device.site, filter_device.token,
                class.name as class_name, person.name as holder_name
         from filter_device
         left join class on class.id = filter_device.class
         left join person on person.id = filter_device.holder
         where filter_device.ended_at is null
         order by filter_device.name_key, filter_device.id",
    )
    .all(connection)
    .await?
    .iter()
    .map(device)
    .collect()
}

fn device(row: &Row) -> Result<Device, Fault> {
    Ok(Device {
        id: row.get("device")?,
        particulars: Particulars {
            name: row.get("name")?,
            hardware: row.get("hardware")?,
            address: row.get("address")?,
            group: row.get("for_group")?,
            class: row.get("class")?,
            holder: row.read_optional("holder", |text| text.parse::<PersonId>().ok())?,
            site: row.get("site")?,
        },
        token: row.get("token")?,
        class_name: row.get("class_name")?,
        holder_name: row.get("holder_name")?,
    })
}

/// Whether the school has ever written a device down: until then the register is whoever's file it is.
pub(in crate::filter) async fn has_any(connection: &mut Connection) -> Result<bool, Fault> {
    let row = sql("select count(*) as count from filter_device")
        .one(connection)
        .await?;
    Ok(row.get::<i64>("count")? > 0)
}

/// The classes that have devices of their own, each with the group that they follow: group, class, name.
pub(crate) async fn classes(
    connection: &mut Connection,
) -> Result<Vec<(String, String, String)>, Fault> {
    sql(
        "select distinct filter_device.for_group, class.id, class.name
         from filter_device join class on class.id = filter_device.class
         where filter_device.ended_at is null
         order by filter_device.for_group, class.name, class.id",
    )
    .all(connection)
    .await?
    .iter()
    .map(|row| Ok((row.get("for_group")?, row.get("id")?, row.get("name")?)))
    .collect()
}

/// Writes down what is known of a device from now on.
pub(super) async fn put(
    tx: &mut Tx,
    device: &str,
    particulars: &Particulars,
    token: Option<&str>,
) -> Result<(), Problem> {
    end(tx, device, None).await?;
    let (id, now, by) = (tx.school().new_row_id(), tx.now(), tx.actor().key());
    tx.run_one(
        sql("insert into filter_device (id, device, name, name_key, hardware, address, for_group, class,
                                        holder, site, token, made_at, made_by, ended_at, ended_by, retired_for)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, null, null, null)")
        .bind(id)
        .bind(device)
        .bind(&particulars.name)
        .bind(particulars.name.to_ascii_lowercase())
        .bind(particulars.hardware.clone())
        .bind(particulars.address.clone())
        .bind(&particulars.group)
        .bind(particulars.class.clone())
        .bind(particulars.holder.map(|holder| holder.to_string()))
        .bind(&particulars.site)
        .bind(token.map(str::to_owned))
        .bind(now)
        .bind(by),
    )
    .await?;
    Ok(())
}

/// Ends the row in force, for good where there is a reason; how many there were.
pub(super) async fn end(
    tx: &mut Tx,
    device: &str,
    retired_for: Option<&str>,
) -> Result<u64, Problem> {
    let (now, by) = (tx.now(), tx.actor().key());
    Ok(tx
        .run(
            sql(
                "update filter_device set ended_at = $2, ended_by = $3, retired_for = $4
                 where device = $1 and ended_at is null",
            )
            .bind(device)
            .bind(now)
            .bind(by)
            .bind(retired_for.map(str::to_owned)),
        )
        .await?)
}
