//! Links that lead to other pages.

use super::check;
use crate::{BackLink, Breadcrumbs, Crumb, ExitThisPage, PageItem, PageLink, Pagination, SkipLink};

#[test]
fn navigation() {
    check("back-link", "default", &BackLink::to("#"));
    check(
        "back-link",
        "with custom text and link",
        &BackLink {
            text: "Back to home".into(),
            ..BackLink::to("/home")
        },
    );
    let line = |crumbs| Breadcrumbs {
        collapse_on_mobile: false,
        ..Breadcrumbs::new(crumbs)
    };
    check(
        "breadcrumbs",
        "default",
        &line(vec![
            Crumb::new("Home", "/"),
            Crumb::new("Section", "/section"),
            Crumb::new("Sub-section", "/section/sub-section"),
            Crumb::new("Sub Sub-section", "/section/sub-section/sub-sub-section"),
        ]),
    );
    check(
        "breadcrumbs",
        "with last breadcrumb as current page",
        &line(vec![
            Crumb::new("Home", "/"),
            Crumb::new("Passports, travel and living abroad", "/browse/abroad"),
            Crumb::here("Travel abroad"),
        ]),
    );
    let long = "/education/special-educational-needs-and-disability-send-and-high-needs";
    check(
        "breadcrumbs",
        "with collapse on mobile",
        &Breadcrumbs::new(vec![
            Crumb::new("Home", "/"),
            Crumb::new("Education, training and skills", "/education"),
            Crumb::new(
                "Special educational needs and disability (SEND) and high needs",
                long,
            ),
        ]),
    );
    check(
        "skip-link",
        "default",
        &SkipLink {
            target_id: "test-target-element".into(),
            ..SkipLink::to_main()
        },
    );
    check(
        "exit-this-page",
        "default",
        &ExitThisPage::new("/full-page-examples/announcements"),
    );
}

#[test]
fn pages_of_a_list() {
    let page = |number: usize| PageItem::Page {
        number,
        href: format!("/page/{number}"),
    };
    let current = |number: usize| PageItem::Current {
        number,
        href: format!("/page/{number}"),
    };
    let around = || {
        Pagination::around(
            Some(PageLink::new("/previous")),
            Some(PageLink::new("/next")),
        )
    };
    check("pagination", "with prev and next only", &around());
    check(
        "pagination",
        "default",
        &Pagination {
            items: vec![page(1), current(2), page(3)],
            ..around()
        },
    );
    check(
        "pagination",
        "first page",
        &Pagination {
            items: vec![current(1), page(2), page(3)],
            previous: None,
            ..around()
        },
    );
    check(
        "pagination",
        "last page",
        &Pagination {
            items: vec![page(1), page(2), current(3)],
            next: None,
            ..around()
        },
    );
    let many = vec![
        page(1),
        PageItem::Gap,
        page(8),
        page(9),
        current(10),
        page(11),
        page(12),
        PageItem::Gap,
        page(40),
    ];
    check(
        "pagination",
        "with many pages",
        &Pagination {
            items: many,
            ..around()
        },
    );
}
