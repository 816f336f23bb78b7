//! Pictures: what stands in them beside the picture, and a smaller copy made anew, which
//! holds nothing but what is seen.

use std::io::{BufRead, BufReader, Cursor, Read, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use image::codecs::gif::GifDecoder;
use image::codecs::png::PngDecoder;
use image::codecs::webp::WebPDecoder;
use image::{
    AnimationDecoder as _, DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits,
};
use serde::{Deserialize, Serialize};

use super::kinds::{FileKind, Unfit};

const MOST_PIXELS: u64 = 50_000_000;
const MOST_MEMORY: u64 = 256 * 1024 * 1024;
/// The longer side of a preview.
const PREVIEW_PIXELS: u32 = 1200;

/// What a picture says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PictureFacts {
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// When the camera says it was taken, by the camera's own clock.
    pub(crate) taken: Option<String>,
    pub(crate) camera: Option<String>,
    /// Whether it holds the place where it was taken. The place itself is not read.
    pub(crate) holds_place: bool,
    /// How it must be turned to stand upright, from 1 to 8.
    pub(crate) orientation: u8,
}

fn format(kind: FileKind) -> Option<ImageFormat> {
    match kind {
        FileKind::Png => Some(ImageFormat::Png),
        FileKind::Jpeg => Some(ImageFormat::Jpeg),
        FileKind::Webp => Some(ImageFormat::WebP),
        FileKind::Gif => Some(ImageFormat::Gif),
        FileKind::Pdf
        | FileKind::Text
        | FileKind::Csv
        | FileKind::Docx
        | FileKind::Xlsx
        | FileKind::Odt
        | FileKind::Eml => None,
    }
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_MEMORY);
    limits
}

/// Looks a picture over without decoding it, save for what tells a moving one.
pub(super) fn look<R: Read + Seek>(file: R, kind: FileKind) -> Result<PictureFacts, Unfit> {
    let mut file = BufReader::new(file);
    let start = |file: &mut BufReader<R>| {
        file.seek(SeekFrom::Start(0))
            .map(drop)
            .map_err(|_| Unfit::BrokenPicture)
    };
    start(&mut file)?;
    let (width, height) = size(&mut file, kind)?;
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(Unfit::PictureTooLarge);
    }
    start(&mut file)?;
    if moves(&mut file, kind)? {
        return Err(Unfit::MovingPicture);
    }
    start(&mut file)?;
    let mut facts = PictureFacts {
        width,
        height,
        orientation: 1,
        ..PictureFacts::default()
    };
    // Damaged metadata is no reason to turn the picture away.
    if let Ok(exif) = exif::Reader::new().read_from_container(&mut file) {
        use exif::{In, Tag};
        let text = |tag: Tag| {
            let field = exif.get_field(tag, In::PRIMARY)?;
            let text = field.display_value().to_string();
            let text = plain(text.trim_matches('"'));
            (!text.is_empty()).then_some(text)
        };
        facts.taken = text(Tag::DateTimeOriginal).or_else(|| text(Tag::DateTime));
        facts.camera = match (text(Tag::Make), text(Tag::Model)) {
            (Some(make), Some(model)) => Some(format!("{make} {model}")),
            (make, model) => make.or(model),
        };
        facts.holds_place = exif
            .fields()
            .any(|field| field.tag.context() == exif::Context::Gps);
        facts.orientation = exif
            .get_field(Tag::Orientation, In::PRIMARY)
            .and_then(|field| field.value.get_uint(0))
            .and_then(|turned| u8::try_from(turned).ok())
            .filter(|turned| (1..=8).contains(turned))
            .unwrap_or(1);
    }
    Ok(facts)
}

/// What stands in metadata is shown as text: short, and without what is not seen.
fn plain(text: &str) -> String {
    text.chars()
        .filter(|letter| !letter.is_control())
        .take(60)
        .collect::<String>()
        .trim()
        .to_owned()
}

fn size(file: &mut (impl BufRead + Seek), kind: FileKind) -> Result<(u32, u32), Unfit> {
    let format = format(kind).ok_or(Unfit::BrokenPicture)?;
    let mut reader = ImageReader::with_format(file, format);
    reader.limits(limits());
    let (width, height) = reader.into_dimensions().map_err(|_| Unfit::BrokenPicture)?;
    if width == 0 || height == 0 {
        return Err(Unfit::BrokenPicture);
    }
    Ok((width, height))
}

fn moves(file: &mut (impl BufRead + Seek), kind: FileKind) -> Result<bool, Unfit> {
    let broken = |_| Unfit::BrokenPicture;
    match kind {
        FileKind::Gif => {
            let mut decoder = GifDecoder::new(file).map_err(broken)?;
            decoder.set_limits(limits()).map_err(broken)?;
            let mut frames = 0;
            for frame in decoder.into_frames().take(2) {
                frame.map_err(broken)?;
                frames += 1;
            }
            Ok(frames > 1)
        }
        FileKind::Png => PngDecoder::with_limits(file, limits())
            .and_then(|decoder| decoder.is_apng())
            .map_err(broken),
        FileKind::Webp => Ok(WebPDecoder::new(file).map_err(broken)?.has_animation()),
        FileKind::Jpeg
        | FileKind::Pdf
        | FileKind::Text
        | FileKind::Csv
        | FileKind::Docx
        | FileKind::Xlsx
        | FileKind::Odt
        | FileKind::Eml => Ok(false),
    }
}

/// A smaller copy, drawn anew as PNG so that writing stays sharp. `gone` stops it when
/// nobody waits any longer.
pub(super) fn preview<R: Read + Seek>(
    file: R,
    kind: FileKind,
    orientation: u8,
    gone: &Arc<AtomicBool>,
) -> Result<Vec<u8>, Unfit> {
    let file = WhileWanted {
        inner: file,
        gone: Arc::clone(gone),
    };
    let format = format(kind).ok_or(Unfit::BrokenPicture)?;
    let mut reader = ImageReader::with_format(BufReader::new(file), format);
    reader.limits(limits());
    let picture = reader.decode().map_err(|_| Unfit::BrokenPicture)?;
    let small = if picture.width().max(picture.height()) > PREVIEW_PIXELS {
        picture.thumbnail(PREVIEW_PIXELS, PREVIEW_PIXELS)
    } else {
        picture
    };
    let mut bytes = Cursor::new(Vec::new());
    let upright = turned(small, orientation).into_rgba8();
    upright
        .write_to(&mut bytes, ImageFormat::Png)
        .map_err(|_| Unfit::BrokenPicture)?;
    Ok(bytes.into_inner())
}

fn turned(picture: DynamicImage, orientation: u8) -> DynamicImage {
    match orientation {
        2 => picture.fliph(),
        3 => picture.rotate180(),
        4 => picture.flipv(),
        5 => picture.rotate90().fliph(),
        6 => picture.rotate90(),
        7 => picture.rotate270().fliph(),
        8 => picture.rotate270(),
        _ => picture,
    }
}

/// A stream that ends in an error once nobody waits for what is made of it.
struct WhileWanted<R> {
    inner: R,
    gone: Arc<AtomicBool>,
}

impl<R: Read> Read for WhileWanted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.gone.load(Ordering::Relaxed) {
            return Err(std::io::ErrorKind::TimedOut.into());
        }
        self.inner.read(buffer)
    }
}

impl<R: Seek> Seek for WhileWanted<R> {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.inner.seek(to)
    }
}
