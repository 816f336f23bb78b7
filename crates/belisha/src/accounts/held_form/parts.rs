//! The words of a form that came with a file. They stand before the file; what follows is
//! read to its end, so that the answer reaches the browser, and let go.

use axum::body::Body;
use belisha_rules::guides::imagery::text_holds_a_picture;
use futures_util::StreamExt as _;

/// As much as the words may take.
const WORDS_BYTES: usize = 512 * 1024;
/// As much as is read before the line is given up.
const BODY_BYTES: usize = 80 * 1024 * 1024;

/// What stands between the parts of such a form; none where it is another kind of form.
pub(super) fn edge(content_type: &str) -> Option<&str> {
    let rest = content_type.strip_prefix("multipart/form-data")?;
    let edge = rest.split_once("boundary=")?.1;
    let edge = edge.split(';').next()?.trim().trim_matches('"');
    (!edge.is_empty() && edge.len() <= 70).then_some(edge)
}

/// The fields before the first file, written as a form without one.
pub(super) async fn words_of(body: Body, edge: &str) -> Vec<u8> {
    let mut stream = body.into_data_stream();
    let (mut kept, mut read): (Vec<u8>, usize) = (Vec::new(), 0);
    while let Some(Ok(piece)) = stream.next().await {
        read += piece.len();
        let room = WORDS_BYTES.saturating_sub(kept.len());
        kept.extend_from_slice(piece.get(..room.min(piece.len())).unwrap_or_default());
        if read > BODY_BYTES {
            break;
        }
    }
    let mut form = form_urlencoded::Serializer::new(String::new());
    for (name, value) in fields(&kept, edge) {
        form.append_pair(&name, &value);
    }
    form.finish().into_bytes()
}

fn fields(body: &[u8], edge: &str) -> Vec<(String, String)> {
    let text = String::from_utf8_lossy(body);
    let mut fields = Vec::new();
    for part in text.split(&format!("--{edge}\r\n")).skip(1) {
        let Some((head, value)) = part.split_once("\r\n\r\n") else {
            break;
        };
        if head.to_ascii_lowercase().contains("filename=") {
            break;
        }
        let name = head
            .split_once("name=\"")
            .and_then(|(_, rest)| rest.split('"').next());
        // What was cut off before its end is no field, and no picture is kept as words.
        let (Some(name), Some(value)) = (name, value.strip_suffix("\r\n")) else {
            break;
        };
        if !text_holds_a_picture(value) {
            fields.push((name.to_owned(), value.to_owned()));
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, expected: &[(&str, &str)]) {
        let found = fields(body.as_bytes(), "edge");
        let found: Vec<(&str, &str)> = found
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        assert_eq!(found, expected, "{body}");
    }

    #[test]
    fn the_words_before_the_file_are_read_and_nothing_after() {
        let shows =
            "--edge\r\ncontent-disposition: form-data; name=\"shows\"\r\n\r\nA message 😢\r\n";
        let file =
            "--edge\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nXX\r\n";
        check(
            &format!("{shows}{file}{shows}--edge--\r\n"),
            &[("shows", "A message 😢")],
        );
        // Cut off in the middle of a field.
        check(
            "--edge\r\ncontent-disposition: form-data; name=\"shows\"\r\n\r\nA mess",
            &[],
        );
        check("no form", &[]);
        let pasted = "--edge\r\ncontent-disposition: form-data; name=\"shows\"\r\n\r\ndata:image/png;base64,AA\r\n";
        check(
            &format!("{pasted}{shows}{file}"),
            &[("shows", "A message 😢")],
        );
    }

    #[test]
    fn the_edge_is_read_from_the_kind_of_form() {
        assert_eq!(edge("multipart/form-data; boundary=edge"), Some("edge"));
        assert_eq!(
            edge("multipart/form-data; boundary=\"e d\"; x=1"),
            Some("e d")
        );
        assert_eq!(edge("multipart/form-data"), None);
        assert_eq!(edge("text/plain; boundary=edge"), None);
    }
}
