//! What a file is, told by its content. The name helps only where text may be several
//! things, and a name that says otherwise than the content is refused.

use belisha_policy::Word;

/// The kinds of file that are taken. Everything else is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum FileKind {
    Pdf,
    Png,
    Jpeg,
    Webp,
    Gif,
    Text,
    Csv,
    Docx,
    Xlsx,
    Odt,
    Eml,
}

impl Word for FileKind {
    const KIND: &'static str = "a kind of file";
    const SPELLINGS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Pdf, "pdf", "PDF"),
        (Self::Png, "png", "picture (PNG)"),
        (Self::Jpeg, "jpeg", "picture (JPEG)"),
        (Self::Webp, "webp", "picture (WebP)"),
        (Self::Gif, "gif", "picture (GIF)"),
        (Self::Text, "text", "plain text"),
        (Self::Csv, "csv", "table (CSV)"),
        (Self::Docx, "docx", "Word document"),
        (Self::Xlsx, "xlsx", "Excel workbook"),
        (Self::Odt, "odt", "OpenDocument text"),
        (Self::Eml, "eml", "mail message"),
    ];
}

impl FileKind {
    /// The ending that a copy gets, whatever the name was.
    pub(crate) fn ending(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Text => "txt",
            other => other.key(),
        }
    }

    /// What a browser is told. Mail and tables are plain bytes to it.
    pub(crate) fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
            Self::Gif => "image/gif",
            Self::Text => "text/plain; charset=utf-8",
            Self::Csv | Self::Docx | Self::Xlsx | Self::Odt | Self::Eml => {
                "application/octet-stream"
            }
        }
    }

    pub(crate) fn is_picture(self) -> bool {
        match self {
            Self::Png | Self::Jpeg | Self::Webp | Self::Gif => true,
            Self::Pdf
            | Self::Text
            | Self::Csv
            | Self::Docx
            | Self::Xlsx
            | Self::Odt
            | Self::Eml => false,
        }
    }

    fn of_ending(ending: &str) -> Option<Self> {
        match ending {
            "jpg" | "jpeg" | "jpe" | "jfif" => Some(Self::Jpeg),
            "txt" | "text" | "log" | "md" => Some(Self::Text),
            other => Self::all().find(|kind| kind.key() == other && *kind != Self::Text),
        }
    }
}

/// What a device offers first, for the form.
pub(super) const ACCEPT: &str = ".pdf,.png,.jpg,.jpeg,.webp,.gif,.txt,.csv,.docx,.xlsx,.odt,.eml";
/// The same in words.
pub(super) const KINDS_AND_SIZE: &str = "A PDF, a picture (PNG, JPEG, WebP, GIF), plain text, CSV, Word (docx), \
     Excel (xlsx), OpenDocument text or a saved mail (eml), up to 25 MB";

/// Why a file is not one that can be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unfit {
    Empty,
    TooLarge,
    NotAKindTaken,
    Heic,
    Archive,
    Markup,
    Program,
    NameSaysOtherwise,
    BrokenText,
    BrokenMail,
    MailCarriesPrograms,
    PdfActs,
    BrokenPicture,
    PictureTooLarge,
    MovingPicture,
    BrokenContainer,
    Macros,
    TooMuchInside,
    ArchiveInside,
    LinkInside,
    Encrypted,
    UnsafeXml,
    Infected,
}

impl Unfit {
    /// The word in the journal.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLarge => "too-large",
            Self::NotAKindTaken => "not-a-kind-taken",
            Self::Heic => "heic",
            Self::Archive => "archive",
            Self::Markup => "markup",
            Self::Program => "program",
            Self::NameSaysOtherwise => "name-says-otherwise",
            Self::BrokenText => "broken-text",
            Self::BrokenMail => "broken-mail",
            Self::MailCarriesPrograms => "mail-carries-programs",
            Self::PdfActs => "pdf-acts",
            Self::BrokenPicture => "broken-picture",
            Self::PictureTooLarge => "picture-too-large",
            Self::MovingPicture => "moving-picture",
            Self::BrokenContainer => "broken-container",
            Self::Macros => "macros",
            Self::TooMuchInside => "too-much-inside",
            Self::ArchiveInside => "archive-inside",
            Self::LinkInside => "link-inside",
            Self::Encrypted => "encrypted",
            Self::UnsafeXml => "unsafe-xml",
            Self::Infected => "infected",
        }
    }

    /// What to do about it.
    pub(crate) fn sentence(self) -> &'static str {
        match self {
            Self::Empty => "Choose a file. The one that arrived is empty",
            Self::TooLarge => "Choose a file of up to 25 MB, or save this one in smaller parts",
            Self::NotAKindTaken => {
                "Save it as a PDF or take a screenshot of the text. This kind of file is not taken"
            }
            Self::Heic => {
                "Save the picture as JPEG or PNG. Apple’s HEIC pictures are not taken; a screenshot is PNG by itself"
            }
            Self::Archive => "Unpack the archive and add the files in it one by one",
            Self::Markup => {
                "Save the page as a PDF. Web pages and drawings that can run scripts are not taken"
            }
            Self::Program => {
                "Do not open this file: it is a program, a script or a shortcut. Tell the network manager where it came from"
            }
            Self::NameSaysOtherwise => {
                "Look at where the file came from: its name says one kind and its content is another. \
                 If it is right, give it the ending that fits and add it again"
            }
            Self::BrokenText => {
                "Save the text as UTF-8, or as a PDF. It holds bytes that are no text"
            }
            Self::BrokenMail => {
                "Save the mail again from the mail program, or as a PDF. This is not a whole message"
            }
            Self::MailCarriesPrograms => {
                "Save the mail as a PDF without what is attached to it. It carries something that could do harm"
            }
            Self::PdfActs => {
                "Print the PDF to a new PDF and add that. This one holds a script or starts a program"
            }
            Self::BrokenPicture => "Open the picture and save it again. It cannot be read as it is",
            Self::PictureTooLarge => "Make the picture smaller: up to 50 megapixels are taken",
            Self::MovingPicture => "Take a screenshot instead. Moving pictures are not taken",
            Self::BrokenContainer => {
                "Open the document and save it again, or save it as a PDF. It cannot be read as it is"
            }
            Self::Macros => "Save the document without macros, or as a PDF",
            Self::TooMuchInside => {
                "Save the document as a PDF. It unpacks to far more than it seems"
            }
            Self::ArchiveInside => {
                "Save the document as a PDF, and add what is embedded in it as files of their own"
            }
            Self::LinkInside => {
                "Save the document as a PDF. It fetches a part of itself from elsewhere"
            }
            Self::Encrypted => "Save the file without its password. It is kept encrypted here",
            Self::UnsafeXml => {
                "Save the document as a PDF. Its inside is written in a way that could do harm"
            }
            Self::Infected => {
                "Do not open this file. The virus scanner found something harmful in it, and nothing was kept. \
                 Tell the network manager where it came from"
            }
        }
    }
}

/// What the first bytes and the name say, before the rest is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Looks {
    Pdf,
    Picture(FileKind),
    /// A zip container; the name says which document it should be.
    Container(Option<FileKind>),
    /// Text of some sort.
    Text(FileKind),
}

/// Tells what a file looks like from its beginning and its name.
pub(super) fn looks(head: &[u8], name: &str) -> Result<Looks, Unfit> {
    let ending = ending_of(name);
    let named = ending.as_deref().map(FileKind::of_ending);
    if ending.as_deref().is_some_and(is_harmful_ending) {
        return Err(Unfit::Program);
    }
    let starts = |magic: &[u8]| head.starts_with(magic);
    let looks = if head.is_empty() {
        return Err(Unfit::Empty);
    } else if starts(b"%PDF-") {
        Looks::Pdf
    } else if starts(b"\x89PNG\r\n\x1a\n") {
        Looks::Picture(FileKind::Png)
    } else if starts(b"\xff\xd8\xff") {
        Looks::Picture(FileKind::Jpeg)
    } else if starts(b"RIFF") && head.get(8..12) == Some(&b"WEBP"[..]) {
        Looks::Picture(FileKind::Webp)
    } else if starts(b"GIF87a") || starts(b"GIF89a") {
        Looks::Picture(FileKind::Gif)
    } else if starts(b"PK\x03\x04") {
        match named {
            Some(Some(kind @ (FileKind::Docx | FileKind::Xlsx | FileKind::Odt))) => {
                Looks::Container(Some(kind))
            }
            None => Looks::Container(None),
            Some(_) => return Err(Unfit::Archive),
        }
    } else if head.get(4..8) == Some(&b"ftyp"[..]) {
        let brand = head.get(8..12).unwrap_or_default();
        let still: [&[u8]; 6] = [b"heic", b"heix", b"mif1", b"heim", b"heis", b"avif"];
        return Err(if still.contains(&brand) {
            Unfit::Heic
        } else {
            Unfit::NotAKindTaken
        });
    } else if is_program(head) {
        return Err(Unfit::Program);
    } else if is_archive(head) {
        return Err(Unfit::Archive);
    } else if starts(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        // The old Office container: macros and passwords hide in it.
        return Err(Unfit::NotAKindTaken);
    } else if is_markup(head) {
        return Err(Unfit::Markup);
    } else {
        match named {
            Some(Some(kind @ (FileKind::Text | FileKind::Csv | FileKind::Eml))) => {
                Looks::Text(kind)
            }
            None => Looks::Text(FileKind::Text),
            Some(_) => return Err(Unfit::NotAKindTaken),
        }
    };
    let agrees = match (looks, named) {
        (_, None) => true,
        (Looks::Pdf, Some(named)) => named == Some(FileKind::Pdf),
        // Telephones save one kind of picture under another's name.
        (Looks::Picture(_), Some(named)) => named.is_some_and(FileKind::is_picture),
        (Looks::Container(_) | Looks::Text(_), Some(_)) => true,
    };
    if agrees {
        Ok(looks)
    } else {
        Err(Unfit::NameSaysOtherwise)
    }
}

fn ending_of(name: &str) -> Option<String> {
    let (stem, ending) = name.trim_end_matches(['.', ' ']).rsplit_once('.')?;
    (!stem.is_empty() && !ending.is_empty()).then(|| ending.to_lowercase())
}

/// Endings that a computer runs, or follows elsewhere, when somebody opens the file.
pub(super) fn is_harmful_ending(ending: &str) -> bool {
    const HARMFUL: &[&str] = &[
        "apk",
        "app",
        "appref-ms",
        "bat",
        "chm",
        "cmd",
        "com",
        "cpl",
        "desktop",
        "dll",
        "dmg",
        "docm",
        "dotm",
        "exe",
        "hta",
        "htm",
        "html",
        "img",
        "inf",
        "iso",
        "jar",
        "jnlp",
        "js",
        "jse",
        "lnk",
        "mht",
        "mhtml",
        "msc",
        "msi",
        "pif",
        "potm",
        "ppam",
        "pptm",
        "ps1",
        "py",
        "reg",
        "scf",
        "scr",
        "sh",
        "shtml",
        "svg",
        "svgz",
        "swf",
        "url",
        "vb",
        "vbe",
        "vbs",
        "vhd",
        "webloc",
        "wsf",
        "wsh",
        "xht",
        "xhtml",
        "xlam",
        "xlsm",
        "xltm",
        "xll",
        "xml",
        "xsl",
    ];
    HARMFUL.contains(&ending)
}

fn is_program(head: &[u8]) -> bool {
    const MAGIC: &[&[u8]] = &[
        b"MZ",
        b"\x7fELF",
        b"\xca\xfe\xba\xbe",
        b"\xfe\xed\xfa",
        b"\xcf\xfa\xed\xfe",
        b"\xce\xfa\xed\xfe",
        b"#!",
        b"L\0\0\0\x01\x14\x02\0",
        b"dex\n",
        b"\0asm",
    ];
    let text = String::from_utf8_lossy(&head[..head.len().min(200)]).to_lowercase();
    let first = text.trim_start_matches('\u{feff}').trim_start();
    MAGIC.iter().any(|magic| head.starts_with(magic))
        || [
            "[internetshortcut]",
            "[desktop entry]",
            "@echo off",
            "windows registry editor",
        ]
        .iter()
        .any(|begin| first.starts_with(begin))
}

fn is_archive(head: &[u8]) -> bool {
    const MAGIC: &[&[u8]] = &[
        b"PK\x05\x06",
        b"PK\x07\x08",
        b"Rar!",
        b"7z\xbc\xaf\x27\x1c",
        b"\x1f\x8b",
        b"BZh",
        b"\xfd7zXZ",
        b"\x28\xb5\x2f\xfd",
        b"MSCF",
    ];
    MAGIC.iter().any(|magic| head.starts_with(magic)) || head.get(257..262) == Some(&b"ustar"[..])
}

/// Text that a browser would run: it begins with a tag, or has one of the tags that matter.
fn is_markup(head: &[u8]) -> bool {
    let plain: Vec<u8> = head.iter().copied().filter(|byte| *byte != 0).collect();
    let text = String::from_utf8_lossy(&plain).to_lowercase();
    let first = text
        .trim_start_matches(['\u{feff}', '\u{fffd}'])
        .trim_start();
    let mut letters = first.chars();
    let is_tag = letters.next() == Some('<')
        && letters.next().is_some_and(|next| {
            next.is_ascii_alphabetic() || matches!(next, '!' | '?' | '/' | '%')
        });
    let tags = ["<script", "<svg", "<html", "<iframe", "<!doctype"];
    let has_tags = tags.iter().any(|tag| first.contains(tag)) && !looks_like_mail(first);
    is_tag || first.starts_with("{\\rtf") || has_tags
}

/// A mail may hold a page in one of its parts; it is never shown as one.
fn looks_like_mail(text: &str) -> bool {
    text.lines()
        .take_while(|line| !line.trim().is_empty())
        .any(|line| line.starts_with("from:") || line.starts_with("received:"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(head: &[u8], name: &str, expected: Result<Looks, Unfit>) {
        assert_eq!(looks(head, name), expected, "{name}");
    }

    #[test]
    fn content_says_what_a_file_is() {
        check(b"%PDF-1.7\n", "letter.pdf", Ok(Looks::Pdf));
        check(b"%PDF-1.7\n", "letter", Ok(Looks::Pdf));
        check(b"%PDF-1.7\n", "letter.png", Err(Unfit::NameSaysOtherwise));
        check(b"%PDF-1.7\n", "letter.exe", Err(Unfit::Program));
        let png = b"\x89PNG\r\n\x1a\n....";
        check(png, "chat.png", Ok(Looks::Picture(FileKind::Png)));
        check(png, "chat.JPG", Ok(Looks::Picture(FileKind::Png)));
        check(png, "chat.pdf", Err(Unfit::NameSaysOtherwise));
        check(
            b"\xff\xd8\xff\xe0",
            "a.jpeg",
            Ok(Looks::Picture(FileKind::Jpeg)),
        );
        check(
            b"RIFF....WEBPVP8 ",
            "a.webp",
            Ok(Looks::Picture(FileKind::Webp)),
        );
        check(b"RIFF....AVI LIST", "a.avi", Err(Unfit::NotAKindTaken));
        check(b"GIF89a", "a.gif", Ok(Looks::Picture(FileKind::Gif)));
        check(b"....ftypheic", "IMG_1.HEIC", Err(Unfit::Heic));
        check(b"....ftypmp42", "clip.mp4", Err(Unfit::NotAKindTaken));
        check(
            b"PK\x03\x04",
            "notes.docx",
            Ok(Looks::Container(Some(FileKind::Docx))),
        );
        check(b"PK\x03\x04", "notes", Ok(Looks::Container(None)));
        check(b"PK\x03\x04", "notes.zip", Err(Unfit::Archive));
        check(b"PK\x03\x04", "notes.docm", Err(Unfit::Program));
        check(b"", "a.txt", Err(Unfit::Empty));
    }

    #[test]
    fn text_is_told_apart_by_its_name_and_never_runs() {
        check(b"Dear all", "a.txt", Ok(Looks::Text(FileKind::Text)));
        check(b"Dear all", "a", Ok(Looks::Text(FileKind::Text)));
        check(b"a,b\n1,2", "a.csv", Ok(Looks::Text(FileKind::Csv)));
        check(
            b"From: a@b\n\n<html>",
            "a.eml",
            Ok(Looks::Text(FileKind::Eml)),
        );
        check(b"Dear all", "a.docx", Err(Unfit::NotAKindTaken));
        for (bytes, name) in [
            (&b"<!DOCTYPE html><p>"[..], "a.txt"),
            (b"\xef\xbb\xbf <svg xmlns=", "a.txt"),
            (b"<?xml version=", "a.txt"),
            (b"hello <script>alert(1)</script>", "a.csv"),
            (b"{\\rtf1", "a.txt"),
            (b"\xff\xfe<\0h\0t\0m\0l\0", "a.txt"),
        ] {
            check(bytes, name, Err(Unfit::Markup));
        }
        check(b"5 < 6 and 7 > 6", "a.txt", Ok(Looks::Text(FileKind::Text)));
    }

    #[test]
    fn programs_shortcuts_and_archives_are_refused_under_any_name() {
        for (bytes, why) in [
            (&b"MZ\x90\0"[..], Unfit::Program),
            (b"\x7fELF", Unfit::Program),
            (b"#!/bin/sh\n", Unfit::Program),
            (b"[InternetShortcut]\r\nURL=", Unfit::Program),
            (b"L\0\0\0\x01\x14\x02\0", Unfit::Program),
            (b"Rar!\x1a\x07", Unfit::Archive),
            (b"\x1f\x8b\x08", Unfit::Archive),
            (b"7z\xbc\xaf\x27\x1c", Unfit::Archive),
        ] {
            check(bytes, "a.txt", Err(why));
        }
        for name in [
            "a.html",
            "a.svg",
            "a.js",
            "a.lnk",
            "a.url",
            "a.xlsm",
            "photo.png.exe",
            "a.EXE. ",
        ] {
            check(b"harmless", name, Err(Unfit::Program));
        }
        check(
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "old.doc",
            Err(Unfit::NotAKindTaken),
        );
    }
}
