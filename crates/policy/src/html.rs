//! The words of a policy as HTML that is safe to put into any page: HTML that
//! stands in the policy is shown as the text it is, links lead only where links
//! should, and pictures are replaced by their description.

use pulldown_cmark::{Event, Parser, Tag, TagEnd, html};

use crate::outline::DIALECT;
use crate::policy::Clause;

impl Clause {
    /// The words of this clause as safe HTML, without title and controls.
    pub fn words_as_html(&self) -> String {
        as_html(&self.words)
    }
}

/// Markdown as safe HTML.
pub fn as_html(markdown: &str) -> String {
    let mut links = Vec::new();
    let events = Parser::new_ext(markdown, DIALECT).filter_map(|event| safe(event, &mut links));
    let mut written = String::new();
    html::push_html(&mut written, events);
    written
}

/// The event as it may be shown. `links` holds for each link that is open whether it
/// is shown as one, so that its end is treated like its start.
fn safe<'a>(event: Event<'a>, links: &mut Vec<bool>) -> Option<Event<'a>> {
    match event {
        Event::Start(Tag::Link {
            link_type,
            dest_url,
            title,
            id,
        }) => {
            let shown = may_lead_to(&dest_url);
            links.push(shown);
            shown.then_some(Event::Start(Tag::Link {
                link_type,
                dest_url,
                title,
                id,
            }))
        }
        Event::End(TagEnd::Link) => links
            .pop()
            .unwrap_or(false)
            .then_some(Event::End(TagEnd::Link)),
        // A picture from elsewhere would tell that place who reads the policy.
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None,
        // A heading in a list or quotation would break the outline of the page.
        Event::Start(Tag::Heading { .. } | Tag::HtmlBlock) => Some(Event::Start(Tag::Paragraph)),
        Event::End(TagEnd::Heading(_) | TagEnd::HtmlBlock) => Some(Event::End(TagEnd::Paragraph)),
        Event::Html(text) | Event::InlineHtml(text) => Some(Event::Text(text)),
        Event::Start(_)
        | Event::End(_)
        | Event::Text(_)
        | Event::Code(_)
        | Event::InlineMath(_)
        | Event::DisplayMath(_)
        | Event::FootnoteReference(_)
        | Event::SoftBreak
        | Event::HardBreak
        | Event::Rule
        | Event::TaskListMarker(_) => Some(event),
    }
}

fn may_lead_to(address: &str) -> bool {
    let lower = address.to_ascii_lowercase();
    ["https://", "http://", "mailto:", "#"]
        .iter()
        .any(|start| lower.starts_with(start))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_become_html_and_html_becomes_words() {
        for (markdown, expected) in [
            ("Lock *it*.", "<p>Lock <em>it</em>.</p>\n"),
            ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
            (
                "<script>alert(1)</script>",
                "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n",
            ),
            (
                "a <b onclick=x>c</b>",
                "<p>a &lt;b onclick=x&gt;c&lt;/b&gt;</p>\n",
            ),
            ("[a](javascript:alert(1))", "<p>a</p>\n"),
            (
                "[a](JAVASCRIPT:alert(1)) [b](data:text/html,x)",
                "<p>a b</p>\n",
            ),
            ("[a](//example.org) [b](/admin)", "<p>a b</p>\n"),
            (
                "[a](https://example.org/?a=\"b)",
                "<p><a href=\"https://example.org/?a=%22b\">a</a></p>\n",
            ),
            ("[a](#leaving)", "<p><a href=\"#leaving\">a</a></p>\n"),
            (
                "<mailto:a@example.org>",
                "<p><a href=\"mailto:a@example.org\">mailto:a@example.org</a></p>\n",
            ),
            ("![a child](https://example.org/x.png)", "<p>a child</p>\n"),
            (
                "> # Shout {#x}",
                "<blockquote>\n<p>Shout</p>\n</blockquote>\n",
            ),
        ] {
            assert_eq!(as_html(markdown), expected, "{markdown}");
        }
    }

    proptest! {
        /// Every tag that comes out is one that Markdown makes.
        #[test]
        fn no_tag_of_the_writer_gets_through(markdown in "[<>a-z\"'=/! \\n#*`\\[\\]():{}&;-]{0,80}") {
            const TAGS: &[&str] = &[
                "p", "em", "strong", "a", "ul", "ol", "li", "blockquote", "code", "pre", "br", "hr",
                "table", "thead", "tbody", "tr", "th", "td",
            ];
            for after in as_html(&markdown).split('<').skip(1) {
                let name = after.trim_start_matches('/').split([' ', '>', '/']).next().unwrap_or_default();
                prop_assert!(TAGS.contains(&name), "<{after}");
            }
        }
    }
}
