//! The XML inside office documents: read once to see that it defines nothing of its own,
//! nests no deeper than documents do, and fetches nothing.

use std::io::BufRead;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::kinds::Unfit;

const DEEPEST: usize = 64;
const LONGEST_BYTES: u64 = 50 * 1024 * 1024;

/// Looks one part through. `relations` are the parts in which a document names what it
/// is made of; a template or an object from elsewhere is refused, a plain link is not.
pub(super) fn look(part: impl BufRead, relations: bool) -> Result<(), Unfit> {
    let mut reader = Reader::from_reader(part.take(LONGEST_BYTES + 1));
    let mut depth: usize = 0;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let event = reader
            .read_event_into(&mut buffer)
            .map_err(|_| Unfit::UnsafeXml)?;
        // Only UTF-8 is read, so that nothing hides in another encoding.
        if event.contains('\0') {
            return Err(Unfit::UnsafeXml);
        }
        match event {
            Event::Eof => return Ok(()),
            Event::DocType(_) => return Err(Unfit::UnsafeXml),
            Event::Start(ref tag) => {
                depth += 1;
                if relations && fetches(tag) {
                    return Err(Unfit::LinkInside);
                }
            }
            Event::Empty(ref tag) => {
                if relations && fetches(tag) {
                    return Err(Unfit::LinkInside);
                }
            }
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::PI(_)
            | Event::Decl(_)
            | Event::Text(_)
            | Event::CData(_)
            | Event::Comment(_)
            | Event::GeneralRef(_) => {}
        }
        if depth > DEEPEST || reader.buffer_position() > LONGEST_BYTES {
            return Err(Unfit::UnsafeXml);
        }
    }
}

/// Whether a relation brings a template, an object or a frame from outside the document.
fn fetches(tag: &str) -> bool {
    let text = tag.to_lowercase();
    let outside =
        text.contains("targetmode=\"external\"") || text.contains("targetmode='external'");
    outside
        && [
            "attachedtemplate",
            "oleobject",
            "/frame",
            "subdocument",
            "externallink",
        ]
        .iter()
        .any(|kind| text.contains(kind))
}
