//! Whether the school keeps its word, clause by clause: from the lines of
//! evidence to a status and the words beside it. What was counted and what
//! somebody gave their word for are never added up.

use belisha_policy::{Period, Wording};
use jiff::civil::Date;

/// How a clause, or one of its controls, stands. The order is from strongest to
/// weakest; a clause is as strong as its weakest control.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// The program makes the contrary impossible.
    Enforced,
    /// The evidence is complete and in date.
    Met,
    /// No record can prove it; a named person confirmed it.
    Attested,
    /// Met today, and something runs out within its notice period.
    DueSoon,
    /// Evidence is missing or out of date.
    NotMet,
    /// Words only: no control is bound to the clause.
    Stated,
}

impl Status {
    /// The word on the page.
    pub fn name(self) -> &'static str {
        match self {
            Self::Enforced => "enforced",
            Self::Met => "met",
            Self::Attested => "attested",
            Self::DueSoon => "due soon",
            Self::NotMet => "not met",
            Self::Stated => "stated",
        }
    }
}

/// How a clause stands, from how its controls stand.
pub fn of_clause(controls: impl IntoIterator<Item = Status>) -> Status {
    controls.into_iter().max().unwrap_or(Status::Stated)
}

/// How one thing that was counted stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Done; it holds until this day, or for good.
    Met { until: Option<Date> },
    /// Owed, and still in time.
    Due,
    /// Owed and late, since this day if one is known.
    NotMet { since: Option<Date> },
}

/// What was counted for one control.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    pub met: usize,
    pub due_soon: usize,
    pub not_met: usize,
    /// Since when the longest standing of those that are not met has been late.
    pub oldest: Option<Date>,
}

/// How long before it runs out a thing counts as due soon, where its clause names no notice.
pub const USUAL_NOTICE: Period = Period::Weeks(4);

/// Counts the lines of evidence of one control as they stand on one day.
pub fn count(lines: impl IntoIterator<Item = Standing>, notice: Period, today: Date) -> Tally {
    let mut tally = Tally::default();
    for line in lines {
        match line {
            Standing::Met { until: None } => tally.met += 1,
            Standing::Met { until: Some(until) } if until < today => {
                tally.late_since(until.tomorrow().ok());
            }
            Standing::Met { until: Some(until) } if notice.before(until) <= today => {
                tally.due_soon += 1;
            }
            Standing::Met { until: Some(_) } => tally.met += 1,
            Standing::Due => tally.due_soon += 1,
            Standing::NotMet { since } => tally.late_since(since),
        }
    }
    tally
}

/// From this number on a count gives nobody away.
const FEW: usize = 5;

fn few(count: usize) -> String {
    if count < FEW {
        format!("Fewer than {FEW}")
    } else {
        count.to_string()
    }
}

impl Tally {
    fn late_since(&mut self, since: Option<Date>) {
        self.not_met += 1;
        self.oldest = match (self.oldest, since) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
    }

    /// How many were counted.
    pub fn total(&self) -> usize {
        self.met + self.due_soon + self.not_met
    }

    /// How the control stands. Where there is nobody to count, nothing is missing.
    pub fn status(&self) -> Status {
        if self.not_met > 0 {
            Status::NotMet
        } else if self.due_soon > 0 {
            Status::DueSoon
        } else {
            Status::Met
        }
    }

    /// The same for those who may see numbers and no persons: so few that somebody could
    /// guess who they are count as "fewer than 5", and no date gives them away.
    pub fn guarded_words(&self, wording: Wording, today: Date) -> String {
        let is_few = |count: usize| (1..FEW).contains(&count);
        if !is_few(self.not_met) && !is_few(self.due_soon) && !is_few(self.total()) {
            return Self {
                oldest: None,
                ..*self
            }
            .words(wording, today);
        }
        if self.not_met > 0 {
            return format!("{} {}.", few(self.not_met), wording.many_have_not);
        }
        if self.due_soon > 0 {
            return format!("{} are due soon.", few(self.due_soon));
        }
        format!("All {}.", wording.many_have)
    }

    /// What was counted, in one sentence: "3 of 24 have not signed, the oldest since 4 September."
    pub fn words(&self, wording: Wording, today: Date) -> String {
        let total = self.total();
        if total == 0 {
            return "There is nothing to count yet.".to_owned();
        }
        if self.not_met > 0 {
            let verb = if self.not_met == 1 {
                wording.one_has_not
            } else {
                wording.many_have_not
            };
            let since = match (self.oldest, self.not_met) {
                (None, _) => String::new(),
                (Some(day), 1) => format!(", since {}", written(day, today)),
                (Some(day), _) => format!(", the oldest since {}", written(day, today)),
            };
            return format!("{} of {total} {verb}{since}.", self.not_met);
        }
        let all = match total {
            1 => format!("1 of 1 {}", wording.one_has),
            _ if self.due_soon == total => return format!("{total} of {total} are due soon."),
            _ if self.due_soon > 0 => format!(
                "{} of {total} {}",
                self.met,
                if self.met == 1 {
                    wording.one_has
                } else {
                    wording.many_have
                }
            ),
            _ => format!("All {total} {}", wording.many_have),
        };
        match (self.due_soon, total) {
            (0, _) => format!("{all}."),
            (1, 1) => "1 of 1 is due soon.".to_owned(),
            (1, _) => format!("{all}; 1 is due soon."),
            (due, _) => format!("{all}; {due} are due soon."),
        }
    }
}

/// Somebody's word for what no record can prove.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attestation {
    pub on: Date,
}

/// How a control stands that rests on somebody's word, given this often.
pub fn attested(latest: Option<Attestation>, every: Period, notice: Period, today: Date) -> Status {
    match latest.map(|attestation| every.after(attestation.on)) {
        None => Status::NotMet,
        Some(until) if until < today => Status::NotMet,
        Some(until) if notice.before(until) <= today => Status::DueSoon,
        Some(_) => Status::Attested,
    }
}

/// How a clause without controls stands: on somebody's word until that word runs out,
/// and otherwise on its words alone.
pub fn stated(word_until: Option<Date>, today: Date) -> Status {
    match word_until {
        Some(until) if until < today => Status::Stated,
        Some(until) if USUAL_NOTICE.before(until) <= today => Status::DueSoon,
        Some(_) => Status::Attested,
        None => Status::Stated,
    }
}

/// Why somebody's word was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttestRefused {
    /// It would run out before it begins.
    EndsBeforeToday,
    /// It would hold for longer than until the yearly look at every clause.
    LongerThanAYear,
}

impl AttestRefused {
    /// What to do about it.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::EndsBeforeToday => "Enter a date that is still to come.",
            Self::LongerThanAYear => {
                "Enter a date within the next 12 months. A word that is given once and never again proves little."
            }
        }
    }
}

/// Whether a word may be given that holds until this day.
pub fn attest(until: Date, today: Date) -> Result<(), AttestRefused> {
    if until <= today {
        Err(AttestRefused::EndsBeforeToday)
    } else if until > Period::Months(12).after(today) {
        Err(AttestRefused::LongerThanAYear)
    } else {
        Ok(())
    }
}

fn written(day: Date, today: Date) -> String {
    if day.year() == today.year() {
        day.strftime("%-d %B").to_string()
    } else {
        day.strftime("%-d %B %Y").to_string()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const SIGNED: Wording = Wording {
        one_has: "has signed",
        many_have: "have signed",
        one_has_not: "has not signed",
        many_have_not: "have not signed",
    };

    const TODAY: Date = date(2025, 11, 21);

    #[test]
    fn a_clause_is_as_strong_as_its_weakest_control() {
        let check = |controls: &[Status], expected| {
            assert_eq!(
                of_clause(controls.iter().copied()),
                expected,
                "{controls:?}"
            );
        };
        use Status::*;
        check(&[], Stated);
        check(&[Enforced], Enforced);
        check(&[Enforced, Met], Met);
        check(&[Met, Attested], Attested);
        check(&[Enforced, DueSoon, Met], DueSoon);
        check(&[NotMet, Enforced, Attested], NotMet);
    }

    #[test]
    fn evidence_is_counted_and_said_in_words() {
        let check = |lines: &[Standing], status, words: &str| {
            let tally = count(lines.iter().copied(), USUAL_NOTICE, TODAY);
            assert_eq!(tally.status(), status, "{lines:?}");
            assert_eq!(tally.words(SIGNED, TODAY), words);
            assert_eq!(tally.total(), lines.len());
        };
        let met = Standing::Met { until: None };
        let until = |y, m, d| Standing::Met {
            until: Some(date(y, m, d)),
        };
        let late = |y, m, d| Standing::NotMet {
            since: Some(date(y, m, d)),
        };
        check(&[], Status::Met, "There is nothing to count yet.");
        check(&[met, met], Status::Met, "All 2 have signed.");
        check(&[met], Status::Met, "1 of 1 has signed.");
        check(
            &[met, late(2025, 9, 30), late(2025, 9, 4)],
            Status::NotMet,
            "2 of 3 have not signed, the oldest since 4 September.",
        );
        check(
            &[met, late(2024, 9, 4), Standing::Due],
            Status::NotMet,
            "1 of 3 has not signed, since 4 September 2024.",
        );
        check(
            &[Standing::NotMet { since: None }],
            Status::NotMet,
            "1 of 1 has not signed.",
        );
        check(
            &[met, Standing::Due],
            Status::DueSoon,
            "1 of 2 has signed; 1 is due soon.",
        );
        check(&[Standing::Due], Status::DueSoon, "1 of 1 is due soon.");
        check(
            &[Standing::Due, Standing::Due],
            Status::DueSoon,
            "2 of 2 are due soon.",
        );
        // Four weeks before it runs out, on its last day, and the day after.
        check(
            &[until(2025, 12, 20), met],
            Status::Met,
            "All 2 have signed.",
        );
        check(
            &[until(2025, 12, 19), met],
            Status::DueSoon,
            "1 of 2 has signed; 1 is due soon.",
        );
        check(
            &[until(2025, 11, 21)],
            Status::DueSoon,
            "1 of 1 is due soon.",
        );
        check(
            &[until(2025, 11, 20)],
            Status::NotMet,
            "1 of 1 has not signed, since 21 November.",
        );
    }

    #[test]
    fn a_word_that_was_given_runs_out() {
        let check = |on: Option<Date>, expected| {
            let latest = on.map(|on| Attestation { on });
            assert_eq!(
                attested(latest, Period::Months(12), USUAL_NOTICE, TODAY),
                expected
            );
        };
        check(None, Status::NotMet);
        check(Some(date(2025, 9, 1)), Status::Attested);
        check(Some(date(2024, 12, 1)), Status::DueSoon);
        check(Some(date(2024, 11, 21)), Status::DueSoon);
        check(Some(date(2024, 11, 20)), Status::NotMet);
    }

    #[test]
    fn few_people_are_not_counted_for_those_who_may_not_know_them() {
        let check = |met, due_soon, not_met, words: &str| {
            let tally = Tally {
                met,
                due_soon,
                not_met,
                oldest: Some(date(2025, 9, 4)),
            };
            assert_eq!(tally.guarded_words(SIGNED, TODAY), words);
        };
        check(20, 0, 5, "5 of 25 have not signed.");
        check(20, 0, 4, "Fewer than 5 have not signed.");
        check(20, 0, 1, "Fewer than 5 have not signed.");
        check(2, 0, 1, "Fewer than 5 have not signed.");
        check(20, 3, 6, "6 have not signed.");
        check(20, 3, 0, "Fewer than 5 are due soon.");
        check(20, 6, 0, "20 of 26 have signed; 6 are due soon.");
        check(24, 0, 0, "All 24 have signed.");
        check(3, 0, 0, "All have signed.");
    }

    #[test]
    fn a_clause_of_words_stands_on_a_word_until_it_runs_out() {
        let check = |until: Option<Date>, expected| assert_eq!(stated(until, TODAY), expected);
        check(None, Status::Stated);
        check(Some(date(2026, 11, 21)), Status::Attested);
        check(Some(date(2025, 12, 20)), Status::Attested);
        check(Some(date(2025, 12, 19)), Status::DueSoon);
        check(Some(date(2025, 11, 21)), Status::DueSoon);
        check(Some(date(2025, 11, 20)), Status::Stated);
    }

    #[test]
    fn a_word_holds_for_a_year_at_most() {
        let check = |until, expected| assert_eq!(attest(until, TODAY), expected, "{until}");
        check(date(2025, 11, 21), Err(AttestRefused::EndsBeforeToday));
        check(date(2025, 11, 22), Ok(()));
        check(date(2026, 11, 21), Ok(()));
        check(date(2026, 11, 22), Err(AttestRefused::LongerThanAYear));
    }
}
