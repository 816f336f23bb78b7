//! What may be kept as a file, and when. Imagery of a child that could be indecent enters
//! by no door: the question stands before the file, and the classification of the case
//! stands before the question ("Sharing nudes and semi-nudes: advice for education
//! settings": no viewing, copying or storing).

/// The largest file.
pub const LARGEST_BYTES: u64 = 25 * 1024 * 1024;
/// How many files one record holds.
pub const MOST_IN_A_RECORD: u32 = 20;
/// How many files one person adds in a day.
pub const MOST_IN_A_DAY: u32 = 60;
/// How much one person adds in a day.
pub const MOST_BYTES_IN_A_DAY: u64 = 300 * 1024 * 1024;
/// What stays free on the disk, so that a concern can always be raised.
pub const RESERVE_BYTES: u64 = 512 * 1024 * 1024;

/// What the record says about imagery of a child.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Imagery {
    /// Nobody has said yet what kind of case it is.
    NotYetKnown,
    /// Nothing in the classification or in a guided review speaks of it.
    NotExpected,
    /// The classification or a guided review says that an image of a child could be indecent.
    CouldBeIndecent,
}

/// What must be known before a file enters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arriving {
    pub imagery: Imagery,
    /// The answer to "could any picture in this show a child undressed?".
    pub shows_a_child_undressed: Option<bool>,
    /// Whether something can still be added to the record.
    pub record_is_open: bool,
    pub files_in_record: u32,
    /// What the same person has added today.
    pub files_today: u32,
    pub bytes_today: u64,
    /// What is free on the disk; none where the records stand elsewhere.
    pub free_bytes: Option<u64>,
}

/// Why no file may enter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntryRefused {
    CouldBeIndecent,
    SaidToShowAChild,
    NotAnswered,
    NotYetClassified,
    RecordEnded,
    RecordIsFull,
    EnoughToday,
    DiskIsFull,
}

impl EntryRefused {
    /// The word in the journal.
    pub fn key(self) -> &'static str {
        match self {
            Self::CouldBeIndecent => "could-be-indecent",
            Self::SaidToShowAChild => "said-to-show-a-child",
            Self::NotAnswered => "not-answered",
            Self::NotYetClassified => "not-yet-classified",
            Self::RecordEnded => "record-ended",
            Self::RecordIsFull => "record-is-full",
            Self::EnoughToday => "enough-today",
            Self::DiskIsFull => "disk-is-full",
        }
    }

    /// What is said, and what to do instead.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::CouldBeIndecent => {
                "This case may be about an indecent image of a child, so no file of any kind is kept in it. \
                 Write down what was seen or said, by whom and where it is, without describing the picture. \
                 Leave the picture where it is, do not copy, print or send it, and set the device aside."
            }
            Self::SaidToShowAChild => {
                "It may be a crime to copy, send or keep such a picture, also for a school. Do not look at it \
                 again, do not copy, print or forward it, and do not delete it. Switch the device off or to \
                 flight mode, put it away safely, and tell the designated safeguarding lead now."
            }
            Self::NotAnswered => {
                "Answer whether a picture in the file could show a child undressed."
            }
            Self::NotYetClassified => {
                "Triage the case first: whether a file may be kept depends on what kind of case it is."
            }
            Self::RecordEnded => "This case has ended. Open it again before you add a file.",
            Self::RecordIsFull => {
                "This case holds 20 files, which is as many as it can. Keep the original where it is and say \
                 in the chronology who has it."
            }
            Self::EnoughToday => {
                "You have added as much as one person can add in a day. Go on tomorrow, or ask somebody else \
                 who works on the case."
            }
            Self::DiskIsFull => {
                "The server’s disk is nearly full, so no file can be taken now. Tell the network manager. \
                 Reports can still be sent."
            }
        }
    }
}

/// Whether a file may enter. The one question that every door asks.
pub fn may_enter(arriving: &Arriving) -> Result<(), EntryRefused> {
    may_be_asked_for(arriving)?;
    match arriving.shows_a_child_undressed {
        Some(false) => Ok(()),
        Some(true) => Err(EntryRefused::SaidToShowAChild),
        None => Err(EntryRefused::NotAnswered),
    }
}

/// The same before the question was answered: whether the form is shown at all.
pub fn may_be_asked_for(arriving: &Arriving) -> Result<(), EntryRefused> {
    match arriving.imagery {
        Imagery::CouldBeIndecent => return Err(EntryRefused::CouldBeIndecent),
        Imagery::NotYetKnown if arriving.record_is_open => {
            return Err(EntryRefused::NotYetClassified);
        }
        Imagery::NotYetKnown | Imagery::NotExpected => {}
    }
    if !arriving.record_is_open {
        Err(EntryRefused::RecordEnded)
    } else if arriving.files_in_record >= MOST_IN_A_RECORD {
        Err(EntryRefused::RecordIsFull)
    } else if arriving.files_today >= MOST_IN_A_DAY
        || arriving.bytes_today.saturating_add(LARGEST_BYTES) > MOST_BYTES_IN_A_DAY
    {
        Err(EntryRefused::EnoughToday)
    } else if arriving
        .free_bytes
        .is_some_and(|free| free < RESERVE_BYTES + 2 * LARGEST_BYTES)
    {
        Err(EntryRefused::DiskIsFull)
    } else {
        Ok(())
    }
}

/// Whether files that are there may be opened, shown, printed or exported. A case that
/// turns out to be about such an image shuts what was kept before.
pub fn may_leave(imagery: Imagery) -> bool {
    match imagery {
        Imagery::CouldBeIndecent => false,
        Imagery::NotYetKnown | Imagery::NotExpected => true,
    }
}

/// How far a file has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ScanState {
    /// The scanner found nothing.
    Clean,
    /// The school has set no scanner up.
    NotScanned,
    /// The scanner did not answer. It is asked again.
    Quarantined,
    /// The scanner found something after all. Nobody opens it.
    Infected,
}

impl ScanState {
    pub const ALL: [Self; 4] = [
        Self::Clean,
        Self::NotScanned,
        Self::Quarantined,
        Self::Infected,
    ];

    /// The word in the records.
    pub fn key(self) -> &'static str {
        match self {
            Self::Clean => "clean",
            Self::NotScanned => "not-scanned",
            Self::Quarantined => "quarantined",
            Self::Infected => "infected",
        }
    }

    /// The state of this word.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.key() == key)
    }

    /// Whether somebody who may read the record may have the file.
    pub fn is_released(self) -> bool {
        match self {
            Self::Clean | Self::NotScanned => true,
            Self::Quarantined | Self::Infected => false,
        }
    }

    /// Whether it is to be scanned again.
    pub fn waits(self) -> bool {
        self == Self::Quarantined
    }
}

/// What came of asking the scanner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scanned {
    NoScanner,
    FoundNothing,
    FoundSomething,
    DidNotAnswer,
}

/// Where a file stands after the scanner was asked. A new file in which something was
/// found is not kept at all; the caller refuses it.
pub fn after_scan(scanned: Scanned) -> ScanState {
    match scanned {
        Scanned::NoScanner => ScanState::NotScanned,
        Scanned::FoundNothing => ScanState::Clean,
        Scanned::FoundSomething => ScanState::Infected,
        Scanned::DidNotAnswer => ScanState::Quarantined,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usual() -> Arriving {
        Arriving {
            imagery: Imagery::NotExpected,
            shows_a_child_undressed: Some(false),
            record_is_open: true,
            files_in_record: 3,
            files_today: 3,
            bytes_today: 1_000_000,
            free_bytes: Some(100 * RESERVE_BYTES),
        }
    }

    #[track_caller]
    fn check(arriving: Arriving, expected: Result<(), EntryRefused>) {
        assert_eq!(may_enter(&arriving), expected, "{arriving:?}");
    }

    #[test]
    fn a_file_enters_where_nothing_speaks_against_it() {
        check(usual(), Ok(()));
        check(
            Arriving {
                free_bytes: None,
                files_in_record: MOST_IN_A_RECORD - 1,
                files_today: MOST_IN_A_DAY - 1,
                bytes_today: MOST_BYTES_IN_A_DAY - LARGEST_BYTES,
                ..usual()
            },
            Ok(()),
        );
    }

    #[test]
    fn nothing_enters_a_case_whose_image_could_be_indecent() {
        for answer in [None, Some(false), Some(true)] {
            for open in [true, false] {
                check(
                    Arriving {
                        imagery: Imagery::CouldBeIndecent,
                        shows_a_child_undressed: answer,
                        record_is_open: open,
                        ..usual()
                    },
                    Err(EntryRefused::CouldBeIndecent),
                );
            }
        }
        assert!(!may_leave(Imagery::CouldBeIndecent));
        assert!(may_leave(Imagery::NotExpected) && may_leave(Imagery::NotYetKnown));
    }

    #[test]
    fn the_question_comes_before_the_file() {
        let answered = |answer| Arriving {
            shows_a_child_undressed: answer,
            ..usual()
        };
        check(answered(None), Err(EntryRefused::NotAnswered));
        check(answered(Some(true)), Err(EntryRefused::SaidToShowAChild));
        assert_eq!(may_be_asked_for(&answered(None)), Ok(()));
    }

    #[test]
    fn each_limit_refuses_for_its_own_reason() {
        let table = [
            (
                Arriving {
                    imagery: Imagery::NotYetKnown,
                    ..usual()
                },
                EntryRefused::NotYetClassified,
            ),
            (
                Arriving {
                    record_is_open: false,
                    ..usual()
                },
                EntryRefused::RecordEnded,
            ),
            (
                Arriving {
                    imagery: Imagery::NotYetKnown,
                    record_is_open: false,
                    ..usual()
                },
                EntryRefused::RecordEnded,
            ),
            (
                Arriving {
                    files_in_record: MOST_IN_A_RECORD,
                    ..usual()
                },
                EntryRefused::RecordIsFull,
            ),
            (
                Arriving {
                    files_today: MOST_IN_A_DAY,
                    ..usual()
                },
                EntryRefused::EnoughToday,
            ),
            (
                Arriving {
                    bytes_today: MOST_BYTES_IN_A_DAY - LARGEST_BYTES + 1,
                    ..usual()
                },
                EntryRefused::EnoughToday,
            ),
            (
                Arriving {
                    free_bytes: Some(RESERVE_BYTES),
                    ..usual()
                },
                EntryRefused::DiskIsFull,
            ),
        ];
        for (arriving, why) in table {
            check(arriving, Err(why));
            assert!(!why.sentence().is_empty() && !why.key().contains(' '));
        }
    }

    #[test]
    fn a_file_is_released_only_once_a_scanner_found_nothing_or_there_is_none() {
        let table = [
            (Scanned::NoScanner, ScanState::NotScanned, true),
            (Scanned::FoundNothing, ScanState::Clean, true),
            (Scanned::FoundSomething, ScanState::Infected, false),
            (Scanned::DidNotAnswer, ScanState::Quarantined, false),
        ];
        for (scanned, state, released) in table {
            assert_eq!(after_scan(scanned), state);
            assert_eq!(state.is_released(), released, "{state:?}");
            assert_eq!(ScanState::from_key(state.key()), Some(state));
            assert_eq!(state.waits(), scanned == Scanned::DidNotAnswer);
        }
    }
}
