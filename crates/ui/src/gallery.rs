//! Every variant of every component on a page of its own: for the eye, and for the accessibility check.

use askama::Template;

use crate::{Breadcrumbs, Crumb, Example, Frame};

mod contents;

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
    /// Last part of the address below `/gallery/`; empty for the contents.
    pub slug: &'static str,
    /// Title of the page.
    pub title: &'static str,
    /// The whole document.
    pub html: String,
}

/// The contents and a page for each component, whose links begin with `base`, such as `/gallery`.
#[must_use]
pub fn pages(base: &str) -> Vec<GalleryPage> {
    let components = components();
    let contents = ContentsPage {
        frame: Frame::new("Belisha"),
        base,
        components: &components,
    };
    let mut pages = vec![GalleryPage {
        slug: "",
        title: "Components",
        html: contents.to_string(),
    }];
    pages.extend(components.iter().map(|component| GalleryPage {
        slug: component.slug,
        title: component.title,
        html: page(base, component),
    }));
    pages
}

fn page(base: &str, component: &GalleryComponent) -> String {
    let breadcrumbs = Breadcrumbs::new(vec![
        Crumb::new("Components", base),
        Crumb::here(component.title),
    ]);
    ComponentPage {
        frame: Frame::new("Belisha"),
        breadcrumbs,
        component,
    }
    .to_string()
}

#[derive(Template)]
#[template(path = "gallery/contents.html")]
struct ContentsPage<'a> {
    frame: Frame,
    base: &'a str,
    components: &'a [GalleryComponent],
}

#[derive(Template)]
#[template(path = "gallery/component.html")]
struct ComponentPage<'a> {
    frame: Frame,
    breadcrumbs: Breadcrumbs,
    component: &'a GalleryComponent,
}

#[cfg(test)]
mod tests;
