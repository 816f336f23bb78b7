//! Documents as containers: each way in which one can do harm is refused, and an ordinary
//! one is not.

use std::io::{Cursor, Write as _};

use flate2::Compression;
use flate2::write::DeflateEncoder;

use crate::files::containers::look;
use crate::files::kinds::{FileKind, Unfit};

/// One entry: its name, its content, and the flags and mode that its directory claims.
struct Entry<'a> {
    name: &'a str,
    content: Vec<u8>,
    flags: u16,
    mode: u32,
}

fn entry<'a>(name: &'a str, content: &[u8]) -> Entry<'a> {
    Entry {
        name,
        content: content.to_vec(),
        flags: 0,
        mode: 0o100_644,
    }
}

/// A container of these entries, each deflated.
fn zipped(entries: &[Entry<'_>]) -> Vec<u8> {
    let mut whole = Vec::new();
    let mut directory = Vec::new();
    for entry in entries {
        let mut packer = DeflateEncoder::new(Vec::new(), Compression::default());
        packer.write_all(&entry.content).unwrap();
        let packed = packer.finish().unwrap();
        let at = whole.len() as u32;
        let shared = |out: &mut Vec<u8>| {
            out.extend_from_slice(&20_u16.to_le_bytes());
            out.extend_from_slice(&entry.flags.to_le_bytes());
            out.extend_from_slice(&8_u16.to_le_bytes());
            out.extend_from_slice(&[0; 8]);
            out.extend_from_slice(&(packed.len() as u32).to_le_bytes());
            out.extend_from_slice(&(entry.content.len() as u32).to_le_bytes());
            out.extend_from_slice(&(entry.name.len() as u16).to_le_bytes());
            out.extend_from_slice(&0_u16.to_le_bytes());
        };
        whole.extend_from_slice(b"PK\x03\x04");
        shared(&mut whole);
        whole.extend_from_slice(entry.name.as_bytes());
        whole.extend_from_slice(&packed);
        directory.extend_from_slice(b"PK\x01\x02\x14\x03");
        shared(&mut directory);
        directory.extend_from_slice(&[0; 6]);
        directory.extend_from_slice(&(entry.mode << 16).to_le_bytes());
        directory.extend_from_slice(&at.to_le_bytes());
        directory.extend_from_slice(entry.name.as_bytes());
    }
    let at = whole.len() as u32;
    whole.extend_from_slice(&directory);
    whole.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    let count = (entries.len() as u16).to_le_bytes();
    whole.extend_from_slice(&count);
    whole.extend_from_slice(&count);
    whole.extend_from_slice(&(directory.len() as u32).to_le_bytes());
    whole.extend_from_slice(&at.to_le_bytes());
    whole.extend_from_slice(&[0, 0]);
    whole
}

fn document() -> Vec<Entry<'static>> {
    vec![
        entry("[Content_Types].xml", b"<Types/>"),
        entry(
            "word/document.xml",
            b"<?xml version=\"1.0\" encoding=\"UTF-8\"?><w:document><w:p>Dear all</w:p></w:document>",
        ),
        entry(
            "word/_rels/document.xml.rels",
            b"<Relationships><Relationship Type=\"x/hyperlink\" Target=\"https://a.example\" TargetMode=\"External\"/></Relationships>",
        ),
    ]
}

#[track_caller]
fn check(name: &str, entries: &[Entry<'_>], expected: Result<FileKind, Unfit>) {
    let zipped = zipped(entries);
    assert_eq!(look(&mut Cursor::new(zipped), None), expected, "{name}");
}

#[test]
fn ordinary_documents_are_taken() {
    check("docx", &document(), Ok(FileKind::Docx));
    check(
        "xlsx",
        &[
            entry("[Content_Types].xml", b"<Types/>"),
            entry("xl/workbook.xml", b"<workbook/>"),
        ],
        Ok(FileKind::Xlsx),
    );
    check(
        "odt",
        &[
            entry("mimetype", b"application/vnd.oasis.opendocument.text"),
            entry("content.xml", b"<office:document-content/>"),
        ],
        Ok(FileKind::Odt),
    );
    let docx = zipped(&document());
    assert_eq!(
        look(&mut Cursor::new(docx), Some(FileKind::Xlsx)),
        Err(Unfit::NameSaysOtherwise)
    );
}

#[test]
fn each_harmful_one_is_refused_for_its_own_reason() {
    let with = |more: Entry<'static>| {
        let mut entries = document();
        entries.push(more);
        entries
    };
    let deep = format!("{}{}", "<a>".repeat(65), "</a>".repeat(65));
    let table: Vec<(&str, Entry<'static>, Unfit)> = vec![
        ("macro", entry("word/vbaProject.bin", b"x"), Unfit::Macros),
        ("active", entry("word/activeX/activeX1.bin", b"x"), Unfit::Macros),
        ("bomb", entry("word/media/a.bin", &vec![0; 20_000_000]), Unfit::TooMuchInside),
        ("nested", entry("word/embeddings/a.xlsx", b"PK\x03\x04rest"), Unfit::ArchiveInside),
        ("object", entry("word/embeddings/a.bin", b"\xd0\xcf\x11\xe0rest"), Unfit::ArchiveInside),
        ("program", entry("word/media/a.png", b"MZ\x90"), Unfit::Program),
        ("doctype", entry("word/a.xml", b"<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>"), Unfit::UnsafeXml),
        ("deep", entry("word/a.xml", deep.as_bytes()), Unfit::UnsafeXml),
        ("other encoding", entry("word/a.xml", b"\xff\xfe<\0a\0/\0>\0"), Unfit::UnsafeXml),
        (
            "template",
            entry(
                "word/_rels/settings.xml.rels",
                b"<R><Relationship Type=\"x/attachedTemplate\" Target=\"http://a\" TargetMode=\"External\"/></R>",
            ),
            Unfit::LinkInside,
        ),
        ("way out", entry("../outside.xml", b"<a/>"), Unfit::LinkInside),
        ("root", entry("/outside.xml", b"<a/>"), Unfit::LinkInside),
        (
            "link",
            Entry {
                mode: 0o120_777,
                ..entry("word/link", b"/etc/passwd")
            },
            Unfit::LinkInside,
        ),
        (
            "password",
            Entry {
                flags: 1,
                ..entry("word/secret.xml", b"<a/>")
            },
            Unfit::Encrypted,
        ),
        ("twice", entry("WORD/document.xml", b"<a/>"), Unfit::BrokenContainer),
    ];
    for (name, more, why) in table {
        check(name, &with(more), Err(why));
    }
    check(
        "plain archive",
        &[entry("photo.png", b"x")],
        Err(Unfit::Archive),
    );
}

#[test]
fn too_many_parts_and_broken_directories_are_refused() {
    let names: Vec<String> = (0..1001)
        .map(|number| format!("word/{number}.txt"))
        .collect();
    let mut entries = document();
    entries.extend(names.iter().map(|name| entry(name, b"x")));
    check("many", &entries, Err(Unfit::TooMuchInside));
    let whole = zipped(&document());
    for cut in [10, whole.len() / 2, whole.len() - 1] {
        let refused = look(&mut Cursor::new(&whole[..cut]), None);
        assert!(refused.is_err(), "cut at {cut}");
    }
    let mut random = whole;
    for at in 0..random.len() {
        let kept = random[at];
        random[at] ^= 0x55;
        // Whatever comes of it, it ends.
        let _ = look(&mut Cursor::new(&random), None);
        random[at] = kept;
    }
}
