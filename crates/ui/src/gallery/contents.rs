//! Which components the gallery shows; a test says that none is missing.

use super::GalleryComponent;
use crate::{
    back_link, big_number, breadcrumbs, button, checkboxes, date_input, details, difference,
    empty_state, error_message, error_summary, evidence_mark, exit_this_page, fieldset, figure,
    file_upload, hide_screen, inset_text, notification_banner, pagination, panel, password_input,
    picture_choice, progress, radios, select, skip_link, status_tag, sub_navigation, summary_list,
    table, tag, task_list, text_input, textarea, timeline, type_ahead, warning_text,
};

/// All components with their variants, by name.
#[must_use]
pub fn components() -> Vec<GalleryComponent> {
    let component = |slug, title, examples| GalleryComponent {
        slug,
        title,
        examples,
    };
    vec![
        component("back-link", "Back link", back_link::examples()),
        component("big-number", "Big number", big_number::examples()),
        component("breadcrumbs", "Breadcrumbs", breadcrumbs::examples()),
        component("button", "Button", button::examples()),
        component("checkboxes", "Checkboxes", checkboxes::examples()),
        component("date-input", "Date input", date_input::examples()),
        component("details", "Details", details::examples()),
        component("difference", "Difference", difference::examples()),
        component("empty-state", "Empty state", empty_state::examples()),
        component("error-message", "Error message", error_message::examples()),
        component("error-summary", "Error summary", error_summary::examples()),
        component("evidence-mark", "Evidence mark", evidence_mark::examples()),
        component(
            "exit-this-page",
            "Exit this page",
            exit_this_page::examples(),
        ),
        component("fieldset", "Fieldset", fieldset::examples()),
        component("figure", "Figure", figure::examples()),
        component("file-upload", "File upload", file_upload::examples()),
        component("hide-screen", "Hide screen", hide_screen::examples()),
        component("inset-text", "Inset text", inset_text::examples()),
        component(
            "notification-banner",
            "Notification banner",
            notification_banner::examples(),
        ),
        component("pagination", "Pagination", pagination::examples()),
        component("panel", "Panel", panel::examples()),
        component(
            "password-input",
            "Password input",
            password_input::examples(),
        ),
        component(
            "picture-choice",
            "Picture choice",
            picture_choice::examples(),
        ),
        component("progress", "Progress", progress::examples()),
        component("radios", "Radios", radios::examples()),
        component("select", "Select", select::examples()),
        component("skip-link", "Skip link", skip_link::examples()),
        component("status-tag", "Status tag", status_tag::examples()),
        component(
            "sub-navigation",
            "Sub-navigation",
            sub_navigation::examples(),
        ),
        component("summary-list", "Summary list", summary_list::examples()),
        component("table", "Table", table::examples()),
        component("tag", "Tag", tag::examples()),
        component("task-list", "Task list", task_list::examples()),
        component("text-input", "Text input", text_input::examples()),
        component("textarea", "Textarea", textarea::examples()),
        component("timeline", "Timeline", timeline::examples()),
        component("type-ahead", "Type-ahead", type_ahead::examples()),
        component("warning-text", "Warning text", warning_text::examples()),
    ]
}
