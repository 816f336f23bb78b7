//! Accessible components and the page frame: typed structs in, HTML out. Knows nothing of schools.
//!
//! Markup and behaviour follow govuk-frontend; the look is our own. A component is a struct with
//! public fields and a constructor for its plain form: `TextInput { hint, ..TextInput::new(name, label) }`.
//! A template shows it with `{{ self.place }}`; nothing needs to be marked safe.

mod choice;
mod example;
mod field;
mod html;
mod label;

pub mod assets;
pub mod frame;
pub mod gallery;

pub mod back_link;
pub mod big_number;
pub mod breadcrumbs;
pub mod button;
pub mod checkboxes;
pub mod date_input;
pub mod details;
pub mod difference;
pub mod empty_state;
pub mod error_message;
pub mod error_summary;
pub mod evidence_mark;
pub mod exit_this_page;
pub mod fieldset;
pub mod figure;
pub mod file_upload;
pub mod hide_screen;
pub mod inset_text;
pub mod notification_banner;
pub mod pagination;
pub mod panel;
pub mod password_input;
pub mod picture_choice;
pub mod progress;
pub mod radios;
pub mod select;
pub mod skip_link;
pub mod status_tag;
pub mod sub_navigation;
pub mod summary_list;
pub mod table;
pub mod tag;
pub mod task_list;
pub mod text_input;
pub mod textarea;
pub mod timeline;
pub mod type_ahead;
pub mod warning_text;

pub use back_link::BackLink;
pub use big_number::BigNumber;
pub use breadcrumbs::{Breadcrumbs, Crumb};
pub use button::{Button, ButtonStyle};
pub use checkboxes::Checkboxes;
pub use choice::Choice;
pub use date_input::{DateInput, DatePart};
pub use details::Details;
pub use difference::{Difference, DifferenceLine};
pub use empty_state::EmptyState;
pub use error_message::ErrorMessage;
pub use error_summary::{ErrorSummary, FieldError};
pub use evidence_mark::{Evidence, EvidenceMark};
pub use example::Example;
pub use exit_this_page::ExitThisPage;
pub use fieldset::Fieldset;
pub use figure::{Figure, FigureSize};
pub use file_upload::FileUpload;
pub use frame::{FooterLink, Frame, Leaving, NavigationItem, Notices, SignedIn};
pub use hide_screen::HideScreen;
pub use html::Html;
pub use inset_text::InsetText;
pub use label::{Label, LabelStyle};
pub use notification_banner::{BannerKind, NotificationBanner};
pub use pagination::{PageItem, PageLink, Pagination};
pub use panel::Panel;
pub use password_input::PasswordInput;
pub use picture_choice::{Picture, PictureChoice};
pub use progress::Progress;
pub use radios::Radios;
pub use select::{Select, SelectOption};
pub use skip_link::SkipLink;
pub use status_tag::{Status, StatusTag};
pub use sub_navigation::SubNavigation;
pub use summary_list::{RowAction, SummaryList, SummaryRow};
pub use table::{Column, Table};
pub use tag::{Tag, TagColour};
pub use task_list::{Task, TaskList, TaskStatus};
pub use text_input::{InputKind, InputWidth, TextInput};
pub use textarea::{TextLimit, Textarea};
pub use timeline::{Moment, Timeline, TimelineItem};
pub use type_ahead::TypeAhead;
pub use warning_text::WarningText;

#[cfg(test)]
mod golden;
#[cfg(test)]
mod palette;
