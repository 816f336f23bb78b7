//! Every variant of every component, and whole pages made of them: for the eye, and for the accessibility check.

use askama::Template;

use crate::{BackLink, Example, Frame};

mod contents;
mod specimen;

pub use contents::components;

/// A component with all its variants.
#[derive(Clone, Debug)]
pub struct GalleryComponent {
    /// Last part of the page's address.
    pub slug: &'static str,
    /// Name of the component.
    pub title: &'static str,
    /// The variants.
    pub examples: Vec<Example>,
}

/// One finished page of the gallery.
#[derive(Clone, Debug)]
pub struct GalleryPage {
    /// Last part of the address below the gallery's; empty for the contents.
    pub slug: &'static str,
    /// Title of the page.
    pub title: &'static str,
    /// The whole document.
    pub html: String,
}

/// The contents, the whole pages, and a page for each component; links begin with `base`, such as `/gallery`.
#[must_use]
pub fn pages(base: &str) -> Vec<GalleryPage> {
    let components = components();
    let specimens = specimen::pages();
    let contents = ContentsPage {
        frame: Frame::new("Belisha"),
        base,
        specimens: &specimens,
        components: &components,
    };
    let contents = GalleryPage {
        slug: "",
        title: "Components",
        html: contents.to_string(),
    };
    let component_pages: Vec<GalleryPage> = components
        .iter()
        .map(|component| GalleryPage {
            slug: component.slug,
            title: component.title,
            html: component_page(base, component),
        })
        .collect();
    [vec![contents], specimens, component_pages].concat()
}

fn component_page(base: &str, component: &GalleryComponent) -> String {
    let page = ComponentPage {
        frame: Frame::new("Belisha"),
        back: BackLink {
            text: "All components".into(),
            ..BackLink::to(base)
        },
        component,
    };
    page.to_string()
}

#[derive(Template)]
#[template(path = "gallery/contents.html")]
struct ContentsPage<'a> {
    frame: Frame,
    base: &'a str,
    specimens: &'a [GalleryPage],
    components: &'a [GalleryComponent],
}

#[derive(Template)]
#[template(path = "gallery/component.html")]
struct ComponentPage<'a> {
    frame: Frame,
    back: BackLink,
    component: &'a GalleryComponent,
}

#[cfg(test)]
mod tests;
