//! One question, from its bytes to an answer or to the upstream: the path that every transport takes.

use std::net::IpAddr;
use std::sync::{Arc, Weak};

use super::cache::{Cache, CacheKey, Kept};
use super::limits::Limits;
use super::log::{By, Did, Kind, Log};
use super::query::{
    A, AAAA, ANY, Bad, Endings, IN, Lower, NOTIMP, NXDOMAIN, Query, REFUSED, SERVFAIL,
};
use super::reply::{self, Age, Signal};
use super::snapshot::{ITSELF, Snapshot, Special, UNSAFE, Who};
use super::trial;
use crate::index::{Index, NameHash};
use crate::line::Word;
use crate::verdict::Answer;

/// Zone transfers and whatever else no client of ours may ask for.
const TRANSFERS: std::ops::RangeInclusive<u16> = 249..=254;

/// Who asks, and how.
#[derive(Debug, Clone)]
pub(super) struct Asker {
    pub from: IpAddr,
    /// Set where the device named itself. Whom it belongs to is looked up with each question, because a
    /// connection may outlive a register.
    pub token: Option<Arc<str>>,
    pub is_udp: bool,
    /// Somebody asks on its behalf and will write down what came of it, so it is said instead of logged.
    pub is_quiet: bool,
}

/// What was decided, as a line of the log has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    pub word: Word,
    pub list: String,
    pub category: String,
}

impl Said {
    pub(super) fn word(word: Word) -> Self {
        Self {
            word,
            list: String::new(),
            category: String::new(),
        }
    }

    pub(super) fn of(answer: Answer, index: &Index) -> Self {
        Self::kept(did(answer, index))
    }

    fn kept(did: Did<'_>) -> Self {
        Self {
            word: did.word,
            list: did.list.to_owned(),
            category: did.category.to_owned(),
        }
    }

    pub(super) fn did(&self) -> Did<'_> {
        Did {
            word: self.word,
            list: &self.list,
            category: &self.category,
        }
    }
}

fn did(answer: Answer, index: &Index) -> Did<'_> {
    let word = match answer {
        Answer::Allowed => Word::Allowed,
        Answer::Opened => Word::Opened,
        Answer::Illegal => Word::Illegal,
        Answer::Listed(_) => Word::Listed,
        Answer::Denied => Word::Denied,
        Answer::Closed => Word::Closed,
        Answer::NotAllowed => Word::NotAllowed,
    };
    let list = match answer {
        Answer::Listed(list) => index.lists().get(usize::from(list)),
        _ => None,
    };
    Did {
        word,
        list: list.map_or("", |list| &list.name),
        category: list.map_or("", |list| &list.category),
    }
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Now {
    /// Seconds of the steady clock.
    pub second: u32,
    /// Milliseconds of the wall clock, for the log alone.
    pub wall_ms: i64,
}

/// What became of a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Done {
    /// The answer is in the buffer.
    Reply,
    /// And it should be fetched anew, before it runs out.
    ReplyAndRenew(CacheKey),
    /// An upstream must be asked.
    Ask(Asked),
    Silence,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Asked {
    pub key: CacheKey,
    pub who: Who,
    /// The school itself opened the name, and with it what it leads through.
    pub opened: bool,
}

/// Names found to be on no list of illegal content, so that each is digested once.
pub(super) struct Clean {
    seen: Vec<u64>,
    /// Held, if only weakly, so that no later index can come to stand at the same place in memory.
    of: Weak<Index>,
}

impl Clean {
    pub(super) fn new() -> Self {
        Self {
            seen: Vec::new(),
            of: Weak::new(),
        }
    }

    /// Whether a name is illegal.
    #[inline]
    fn is_illegal(&mut self, snapshot: &Snapshot, name: &Lower, hash: NameHash) -> bool {
        let index = snapshot.live.index();
        if index.hashed().is_empty() {
            return false;
        }
        if !std::ptr::eq(self.of.as_ptr(), Arc::as_ptr(index)) {
            self.seen = vec![0; 1 << 14];
            self.of = Arc::downgrade(index);
        }
        let place = hash.1 as usize % self.seen.len();
        if self.seen[place] == hash.0 {
            return false;
        }
        let text = name.text();
        let illegal = index.hashed().iter().any(|list| list.holds_name(&text));
        if !illegal {
            self.seen[place] = hash.0;
        }
        illegal
    }
}

/// What one worker keeps between questions.
pub(super) struct Worker {
    pub limits: Limits,
    pub log: Log,
    pub clean: Clean,
    room: Endings,
    /// What was decided for somebody who asked quietly.
    pub said: Option<Said>,
    /// What was answered: blocked, from the cache, asked upstream.
    pub counts: [u64; 3],
}

impl Worker {
    pub(super) fn new(limits: Limits, log: Log) -> Self {
        Self {
            limits,
            log,
            clean: Clean::new(),
            room: Endings::default(),
            said: None,
            counts: [0; 3],
        }
    }

    /// Answers if that takes no waiting.
    pub(super) fn answer(
        &mut self,
        snapshot: &Snapshot,
        cache: &Cache,
        packet: &[u8],
        asker: &Asker,
        now: Now,
        out: &mut Vec<u8>,
    ) -> Done {
        let query = match Query::read(packet) {
            Ok(query) => query,
            Err(Bad::Silence) => return Done::Silence,
            Err(Bad::Code(code)) => {
                // An answer to nobody in particular could be sent to somebody who never asked.
                if !snapshot.serves(asker.from) {
                    return Done::Silence;
                }
                reply::unread(packet, code, out);
                return Done::Reply;
            }
        };
        if !snapshot.serves(asker.from) {
            reply::code(&query, REFUSED, Some(reply::PROHIBITED), out);
            return Done::Reply;
        }
        if asker.is_udp && !self.limits.allow(asker.from, now.second) {
            return Done::Silence;
        }
        if query.edns.is_some_and(|edns| edns.version > 0) {
            reply::bad_version(&query, out);
            return Done::Reply;
        }
        if query.class != IN || TRANSFERS.contains(&query.kind) {
            reply::code(&query, REFUSED, None, out);
            return Done::Reply;
        }
        if query.kind == ANY {
            reply::code(&query, NOTIMP, Some(reply::UNSUPPORTED), out);
            return Done::Reply;
        }
        let done = self.judge(snapshot, cache, &query, asker, now, out);
        if asker.is_udp && matches!(done, Done::Reply | Done::ReplyAndRenew(_)) {
            reply::fit(&query, out);
        }
        done
    }

    fn judge(
        &mut self,
        snapshot: &Snapshot,
        cache: &Cache,
        query: &Query<'_>,
        asker: &Asker,
        now: Now,
        out: &mut Vec<u8>,
    ) -> Done {
        let who = snapshot.who(asker);
        let (answer, whole) = self.judge_name(snapshot, &query.lower, who);
        let special = snapshot.special(whole);
        if let Some(Special::Canary) = special {
            // Before all else: a device that is led to a block page instead would go round the resolver.
            reply::code(query, NXDOMAIN, None, out);
            self.say(snapshot, query, asker, who, now, Word::Canary);
            return Done::Reply;
        }
        if answer.is_blocked() {
            self.block(snapshot, query, asker, who, answer, now, out);
            return Done::Reply;
        }
        let mut variant = ITSELF;
        if let Some(Special::Engine(instead)) = special {
            variant = instead
                .get(usize::from(who.group.0))
                .copied()
                .unwrap_or(ITSELF);
            if variant == UNSAFE && answer == Answer::Opened {
                variant = ITSELF;
            }
        }
        if variant == UNSAFE {
            reply::blocked(query, reply::BLOCKED, snapshot.block_at, out);
            self.counts[0] += 1;
            self.say(snapshot, query, asker, who, now, Word::UnsafeSearch);
            return Done::Reply;
        }
        if variant != ITSELF && query.kind != A && query.kind != AAAA {
            // The engine's own hints would lead past the safe name.
            reply::code(query, 0, None, out);
            self.say(snapshot, query, asker, who, now, Word::SafeSearch);
            return Done::Reply;
        }
        let key = CacheKey::new(
            &cache.key,
            &query.lower,
            query.kind,
            query.dnssec_ok(),
            query.checking_disabled(),
            variant,
        );
        let asked = Asked {
            key,
            who,
            opened: answer == Answer::Opened,
        };
        match cache.get(&key) {
            Some(kept) if kept.is_fresh(now.second) => {
                self.counts[1] += 1;
                let age = Age::Seconds(now.second.saturating_sub(kept.since));
                self.give(snapshot, query, asker, asked, &kept, age, now, out);
                let renew = kept.is_running_out(now.second)
                    && !kept
                        .renewing
                        .swap(true, std::sync::atomic::Ordering::Relaxed);
                if renew {
                    Done::ReplyAndRenew(key)
                } else {
                    Done::Reply
                }
            }
            _ => {
                self.counts[2] += 1;
                Done::Ask(asked)
            }
        }
    }

    /// What lists and school say of a name, and its hash.
    fn judge_name(&mut self, snapshot: &Snapshot, name: &Lower, who: Who) -> (Answer, NameHash) {
        let endings = name.endings(snapshot.live.index().key(), &mut self.room);
        let whole = endings.first().copied().unwrap_or(NameHash(0, 0));
        let mut answer = snapshot.live.judge(who.group, endings);
        if self.clean.is_illegal(snapshot, name, whole) {
            answer = Answer::Illegal;
        }
        (answer, whole)
    }

    /// Gives a kept answer, unless it leads through a name that this group may not reach.
    #[expect(
        clippy::too_many_arguments,
        reason = "the one place where all that is known comes together"
    )]
    pub(super) fn give(
        &mut self,
        snapshot: &Snapshot,
        query: &Query<'_>,
        asker: &Asker,
        asked: Asked,
        kept: &Kept,
        age: Age,
        now: Now,
        out: &mut Vec<u8>,
    ) {
        for name in &kept.through {
            let (answer, _) = self.judge_name(snapshot, name, asked.who);
            if answer == Answer::Illegal || answer.is_blocked() && !asked.opened {
                self.block(snapshot, query, asker, asked.who, answer, now, out);
                return;
            }
        }
        if kept.rebinding {
            reply::blocked(query, reply::REBINDING, snapshot.block_at, out);
            self.say(snapshot, query, asker, asked.who, now, Word::Rebinding);
            return;
        }
        reply::kept(query, &kept.message, &kept.ttls, age, out);
        let word = match (asked.key.variant, asked.opened) {
            (ITSELF, true) => Word::Opened,
            (ITSELF, false) => Word::Allowed,
            _ => Word::SafeSearch,
        };
        self.say(snapshot, query, asker, asked.who, now, word);
    }

    /// No upstream answers, and nothing old is left.
    pub(super) fn fail(
        &mut self,
        snapshot: &Snapshot,
        query: &Query<'_>,
        asker: &Asker,
        who: Who,
        now: Now,
        out: &mut Vec<u8>,
    ) {
        reply::code(query, SERVFAIL, Some(reply::NO_REACHABLE_AUTHORITY), out);
        self.say(snapshot, query, asker, who, now, Word::Failed);
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "the one place where all that is known comes together"
    )]
    fn block(
        &mut self,
        snapshot: &Snapshot,
        query: &Query<'_>,
        asker: &Asker,
        who: Who,
        answer: Answer,
        now: Now,
        out: &mut Vec<u8>,
    ) {
        let signal: Signal = match answer {
            Answer::Illegal => reply::CENSORED,
            Answer::Closed => reply::CLOSED,
            Answer::Listed(_)
            | Answer::Denied
            | Answer::NotAllowed
            | Answer::Allowed
            | Answer::Opened => reply::BLOCKED,
        };
        self.counts[0] += 1;
        reply::blocked(query, signal, snapshot.block_at, out);
        let did = did(answer, snapshot.live.index());
        self.log(snapshot, query, asker, who, now, did);
    }

    fn say(
        &mut self,
        snapshot: &Snapshot,
        query: &Query<'_>,
        asker: &Asker,
        who: Who,
        now: Now,
        word: Word,
    ) {
        let did = Did {
            word,
            list: "",
            category: "",
        };
        self.log(snapshot, query, asker, who, now, did);
    }

    fn log(
        &mut self,
        snapshot: &Snapshot,
        query: &Query<'_>,
        asker: &Asker,
        who: Who,
        now: Now,
        did: Did<'_>,
    ) {
        if asker.is_quiet {
            self.said = Some(Said::kept(did));
            return;
        }
        if trial::group_of(asker.from).is_some() {
            return;
        }
        let by = By {
            from: asker.from,
            device: snapshot.id_of(who),
            group: snapshot.live.group_name(who.group),
        };
        let kind = Kind::Type(query.kind);
        let write = |out: &mut Vec<u8>| query.lower.write(out);
        self.log.line(now.wall_ms, by, kind, did, write);
    }
}
