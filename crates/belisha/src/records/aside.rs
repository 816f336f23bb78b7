//! What is kept aside under the school's key: drafts, kept forms, files on their way in.
//! Each carries its own wrapped key, so that it opens in its own place only.

use super::*;

/// Seals something small and short-lived that is no record: a draft, a held form, a
/// file that is being imported. Its key travels with it, wrapped by the school's.
pub fn seal_aside(school: &School, kind: &'static str, id: &str, bytes: &[u8]) -> Vec<u8> {
    let chance = &mut ForVault(&*school.chance);
    let key = DataKey::new(chance);
    let settings = school.settings();
    let record = Record {
        school: &settings.id,
        kind,
        id,
    };
    let wrapped = school.key_file.keys().wrap(&key, &record, chance);
    let place = Place {
        record,
        field: "aside",
        revision: 0,
    };
    let sealed = key.seal(&place, bytes, chance);
    aside(&wrapped, &sealed)
}

/// Opens what [`seal_aside`] sealed, in the same place only.
pub fn open_aside(
    school: &School,
    kind: &'static str,
    id: &str,
    whole: &[u8],
) -> Result<Vec<u8>, Fault> {
    let settings = school.settings();
    let record = Record {
        school: &settings.id,
        kind,
        id,
    };
    let damaged = || Fault::said(format!("what was kept for {kind}:{id} is damaged"));
    let (wrapped, sealed) = parts(whole).ok_or_else(damaged)?;
    let refused =
        |refused: OpenRefused| Fault::at(format!("opening what was kept for {kind}:{id}"), refused);
    let key = school
        .key_file
        .keys()
        .unwrap(wrapped, &record)
        .map_err(refused)?;
    let place = Place {
        record,
        field: "aside",
        revision: 0,
    };
    Ok(key.open(&place, sealed).map_err(refused)?.to_vec())
}

/// Wraps the key of something kept aside anew; what it sealed stays as it is.
pub(crate) fn rewrap_aside(
    school: &School,
    keys: &SchoolKeys,
    kind: &'static str,
    id: &str,
    whole: &[u8],
) -> Result<Option<Vec<u8>>, OpenRefused> {
    let settings = school.settings();
    let record = Record {
        school: &settings.id,
        kind,
        id,
    };
    let (wrapped, sealed) = parts(whole).ok_or(OpenRefused::NotSealed)?;
    let rewrapped = keys.rewrap(wrapped, &record, &mut ForVault(&*school.chance))?;
    Ok(rewrapped.map(|wrapped| aside(&wrapped, sealed)))
}

/// The bytes of something kept aside: its wrapped key behind a length of four bytes, then what it seals.
fn aside(wrapped: &[u8], sealed: &[u8]) -> Vec<u8> {
    let mut whole = u32::try_from(wrapped.len())
        .unwrap_or(u32::MAX)
        .to_be_bytes()
        .to_vec();
    whole.extend_from_slice(wrapped);
    whole.extend_from_slice(sealed);
    whole
}

/// The wrapped key, and what it seals; none where the bytes are cut off.
fn parts(whole: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = whole.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    rest.split_at_checked(length)
}
