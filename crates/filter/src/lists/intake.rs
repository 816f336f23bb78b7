//! Reads one file of a list, counts what is wrong in it, and gives up where too much is.

use std::io::{self, BufRead};

use super::entry::Entry;
use super::format::{Format, Held, Memory, line};
use super::lines::{Fault, Lines};

/// How much may be wrong before a list is not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Always forgiven.
    pub faults: u64,
    /// Forgiven of a thousand lines.
    pub faults_per_1000: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            faults: 100,
            faults_per_1000: 20,
        }
    }
}

/// What became of one file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Intake {
    pub lines: u64,
    pub entries: u64,
    /// Rules that name no domain.
    pub ignored: u64,
    pub faults: u64,
    /// The first of them, to show.
    pub first_faults: Vec<Fault>,
}

/// Faults that are shown of one file.
const SHOWN: usize = 10;

impl Intake {
    pub fn is_within(&self, limits: Limits) -> bool {
        let forgiven = limits
            .faults
            .max(self.lines.saturating_mul(limits.faults_per_1000) / 1000);
        self.faults <= forgiven
    }

    pub(super) fn fault(&mut self, fault: Fault) {
        self.faults += 1;
        if self.first_faults.len() < SHOWN {
            self.first_faults.push(fault);
        }
    }
}

/// Reads a file of any format but the hashed, and hands on each entry. Stops early once the faults can
/// no longer be forgiven, so that a million bad lines cost little.
pub fn read(
    from: impl BufRead,
    format: Format,
    limits: Limits,
    tell: &mut dyn FnMut(Entry<'_>),
) -> io::Result<Intake> {
    let mut lines = Lines::new(from);
    let mut memory = Memory::default();
    let mut intake = Intake::default();
    let mut entries = 0;
    while let Some((number, text)) = lines.read_next()? {
        intake.lines = number;
        let held = text.and_then(|text| {
            line(format, &mut memory, text, &mut |entry| {
                entries += 1;
                tell(entry);
            })
        });
        match held {
            Ok(Held::Read) => {}
            Ok(Held::Ignored) => intake.ignored += 1,
            Err(wrong) => {
                intake.fault(Fault {
                    line: number,
                    wrong,
                });
                if intake.faults > limits.faults.max(1000) && intake.faults * 2 > number {
                    break;
                }
            }
        }
    }
    intake.entries = entries;
    Ok(intake)
}
