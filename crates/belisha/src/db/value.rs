//! What goes into a statement and what comes out of a row, for both engines.

use sqlx::{ColumnIndex, Decode, Postgres, Row as _, Sqlite, Type};

use crate::problem::Fault;

/// A bound parameter. A null knows its type, because PostgreSQL asks.
#[derive(Debug, Clone)]
pub enum Value {
    Text(Option<String>),
    Whole(Option<i64>),
    Truth(Option<bool>),
    Bytes(Option<Vec<u8>>),
}

macro_rules! value_from {
    ($variant:ident: $($from:ty => |$name:ident| $into:expr),+ $(,)?) => {$(
        impl From<$from> for Value {
            fn from($name: $from) -> Self {
                Self::$variant(Some($into))
            }
        }
        impl From<Option<$from>> for Value {
            fn from(value: Option<$from>) -> Self {
                Self::$variant(value.map(|$name| $into))
            }
        }
    )+};
}

value_from!(Text:
    &str => |text| text.to_owned(),
    String => |text| text,
    &String => |text| text.clone(),
    jiff::civil::Date => |date| date.to_string(),
);
value_from!(Whole:
    i64 => |number| number,
    i32 => |number| i64::from(number),
    u32 => |number| i64::from(number),
    jiff::Timestamp => |instant| instant.as_millisecond(),
);
value_from!(Truth: bool => |truth| truth);
value_from!(Bytes:
    Vec<u8> => |bytes| bytes,
    &[u8] => |bytes| bytes.to_vec(),
);

/// A row of either engine. A column that is missing or of another type is a
/// [`Fault`] that names it, since it means that statement and reader disagree.
pub enum Row {
    Sqlite(sqlx::sqlite::SqliteRow),
    Postgres(sqlx::postgres::PgRow),
}

/// A Rust type that both engines can give.
pub trait Column:
    for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres>
{
}
impl<T> Column for T where
    T: for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres>
{
}

impl Row {
    /// The value of a column by its name.
    pub fn get<T: Column>(&self, column: &str) -> Result<T, Fault> {
        fn named<'r, R: sqlx::Row, T>(row: &'r R, column: &str) -> Result<T, sqlx::Error>
        where
            T: Decode<'r, R::Database> + Type<R::Database>,
            for<'c> &'c str: ColumnIndex<R>,
        {
            row.try_get(column)
        }
        match self {
            Self::Sqlite(row) => named(row, column),
            Self::Postgres(row) => named(row, column),
        }
        .map_err(|error| Fault::at(format!("column {column}"), error))
    }

    /// A column that holds a word or an id of ours; `read` turns its text into it.
    pub fn read<T>(&self, column: &str, read: impl Fn(&str) -> Option<T>) -> Result<T, Fault> {
        let text: String = self.get(column)?;
        read(&text).ok_or_else(|| {
            Fault::said(format!(
                "column {column} holds “{text}”, which is no such thing"
            ))
        })
    }

    /// The same for a column that may be null.
    pub fn read_optional<T>(
        &self,
        column: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, Fault> {
        match self.get::<Option<String>>(column)? {
            None => Ok(None),
            Some(_) => self.read(column, read).map(Some),
        }
    }

    /// An instant kept as milliseconds since 1970.
    pub fn instant(&self, column: &str) -> Result<jiff::Timestamp, Fault> {
        let milliseconds: i64 = self.get(column)?;
        jiff::Timestamp::from_millisecond(milliseconds)
            .map_err(|error| Fault::at(format!("column {column}"), error))
    }

    /// The same for a column that may be null.
    pub fn instant_optional(&self, column: &str) -> Result<Option<jiff::Timestamp>, Fault> {
        match self.get::<Option<i64>>(column)? {
            None => Ok(None),
            Some(_) => self.instant(column).map(Some),
        }
    }

    /// A date kept as ISO text.
    pub fn date(&self, column: &str) -> Result<jiff::civil::Date, Fault> {
        self.read(column, |text| text.parse().ok())
    }

    /// The same for a column that may be null.
    pub fn date_optional(&self, column: &str) -> Result<Option<jiff::civil::Date>, Fault> {
        self.read_optional(column, |text| text.parse().ok())
    }

    /// How many columns there are; for statements that a control declares.
    pub fn width(&self) -> usize {
        match self {
            Self::Sqlite(row) => row.len(),
            Self::Postgres(row) => row.len(),
        }
    }
}
