//! What each part of the program is for, in a few sentences: the word “Help” on a page
//! leads to the topic of that page.

/// One short text.
pub(super) struct Topic {
    pub(super) slug: &'static str,
    pub(super) title: &'static str,
    /// The addresses whose pages it is about, with all beneath them.
    pub(super) pages: &'static [&'static str],
    pub(super) says: &'static [&'static str],
    /// Questions that people ask, each with its answer.
    pub(super) answers: &'static [(&'static str, &'static str)],
}

pub(super) const TOPICS: &[Topic] = &[
    Topic {
        slug: "today",
        title: "Today",
        pages: &["/"],
        says: &[
            "Today says what you owe, what waits for you, and, if your post answers for it, how the school stands. Reporting a concern is always the first button.",
            "When nothing waits, nothing is asked of you.",
        ],
        answers: &[
            (
                "Why did a line go away?",
                "Because it was done: by you, or by somebody who shares the duty. A notice also goes when you have opened what it speaks of.",
            ),
            (
                "Why do my colleagues see other things?",
                "What stands here follows from the posts you hold today and from what the policy asks of them.",
            ),
        ],
    },
    Topic {
        slug: "reporting",
        title: "Reporting a concern",
        pages: &["/reports"],
        says: &[
            "Say what happened, in your own words. You need not be sure, and you need not find out more first: that is the work of whoever receives it.",
            "Before you send it, the page says who will receive it. A concern about an adult goes only to those who may know of it, never to the adult.",
            "If a child is in danger now, speak to the designated safeguarding lead or the headteacher in person, or ring 999. Write the report afterwards.",
        ],
        answers: &[
            (
                "What if I am interrupted?",
                "What you have typed is kept, encrypted, and comes back when you open the page again, even if the screen locked.",
            ),
            (
                "What do I hear afterwards?",
                "That it was taken up, and when it is closed. How it is dealt with stays with those who deal with it.",
            ),
            (
                "I sent it twice. What now?",
                "Nothing. A form that is sent twice is kept once.",
            ),
        ],
    },
    Topic {
        slug: "requests",
        title: "Asking for a site or a lesson",
        pages: &["/approvals"],
        says: &[
            "If the filter blocks what you need, ask for it here: the site, for whom, for how long, and why. It is one short page, and the block page leads here.",
            "Others see what it would do, note the risk and decide. What opens something is never agreed by whoever asks for it.",
            "A lesson with content that is otherwise blocked is asked for with its class, its pages, its time and its risk. Once everybody whom the policy names has agreed, the filter opens those sites on the devices that the class uses, for that time, and shuts by itself.",
        ],
        answers: &[
            (
                "Why does it open the whole site and not the page?",
                "The filter knows names. It sees which site a device asks for, and not which page of it.",
            ),
            (
                "It was agreed. Why is it still shut?",
                "A change is applied by whoever manages the filter; the request says where it stands. A lesson opens at its time, without anybody.",
            ),
            (
                "It was opened by mistake. What now?",
                "Whoever manages the filter rolls it back with one press, and what stood before stands again.",
            ),
        ],
    },
    Topic {
        slug: "filter",
        title: "The filter",
        pages: &["/filter"],
        says: &[
            "What each group of devices may reach follows from the policy in force and from what was approved, and from nothing else.",
            "Ask the filter why a site is open or blocked: it answers with every reason, in order.",
            "Devices says what the filter knows each device by and which group it follows. A device that belongs to a class lets a lesson be opened for that class alone. A file of devices shows first what each row would do.",
            "Lists says which lists are in use. One that lost or gained most of its names overnight is held: the page shows what the new version would have done to last week’s questions, and whoever manages the filter takes it, refuses it, or goes back to the version before.",
            "Other sites says which buildings run a resolver of their own. Each follows the same settings and goes on when this server is away.",
            "Its log is personal. It is sealed, kept only as long as the policy says, and read only by those whose post allows it, for a reason that is kept. An alert is a reason to look, and decides nothing.",
            "Numbers for a term name no device and no person, so governors can read them.",
        ],
        answers: &[
            (
                "What do I do about an alert?",
                "Open it, look, and say what it was. If a child may need help, one press begins a report with what the alert knows.",
            ),
            (
                "Why does the evidence say “not met”?",
                "Because it says what is. Lists of illegal content come from a provider and need full addresses; a filter that knows only names cannot carry them alone.",
            ),
            (
                "The test passed. Are our devices filtered?",
                "It shows what the resolver answered when it was asked over the network as each group. Whether a device asks this filter at all, only a try on that device shows.",
            ),
        ],
    },
    Topic {
        slug: "without-an-account",
        title: "Reporting without an account",
        pages: &["/tell", "/concern"],
        says: &[
            "Children can tell someone at /tell, and families and visitors can tell the school of a concern at /concern. Neither needs an account.",
            "Both are given four secret words, shown once, that open the answer and let them write back.",
            "A sheet with both addresses to print stands under Incidents.",
        ],
        answers: &[(
            "Who reads it?",
            "Whoever the policy names for such a concern, never the adult whom it is about. The page says so before anything is sent.",
        )],
    },
    Topic {
        slug: "patterns",
        title: "Patterns",
        pages: &["/patterns"],
        says: &[
            "Patterns shows when cases about pupils come in, in which classes, what about, and how quickly they are taken up. Each number leads to the cases behind it that you may open.",
            "Concerns about adults are counted nowhere: that there is one is known to those who may read it.",
        ],
        answers: &[(
            "Why does it say “fewer than 5” or “about 10”?",
            "Whoever may not open the cases sees rounded numbers, so that nobody can work out whom a small one is about.",
        )],
    },
    Topic {
        slug: "cases",
        title: "Cases",
        pages: &["/incidents"],
        says: &[
            "A report opens a case. You see a case if the policy names your post for it, if somebody shared it with you, or if the pupil is in your care. Other cases do not exist for you, not even as a number.",
            "Acknowledge a case to say that you have it; until then the report moves on to the next person in line. Then triage it, write down what happens, set what is to be done, and close it when nothing is missing. “Before it can be closed” lists exactly what the policy still asks.",
            "A case can be given to somebody who has it in hand from then on. Sanctions, support and what was learnt are written down in it too.",
        ],
        answers: &[
            (
                "Two reports are about the same event. What now?",
                "Under “Related cases”, merge one into the case that goes on. It ends, stays readable, and can be separated again. Cases that only belong together are linked there.",
            ),
            (
                "How do I find an older case?",
                "“Search in cases” looks through the cases that you may open. What you looked for is kept nowhere; that you searched is in the journal.",
            ),
            (
                "Can I correct what I wrote?",
                "Yes, by a new entry. The old one stays, struck through, so that nobody has to ask what it said.",
            ),
            (
                "Who can read this case?",
                "“Who can see this, and why” on the case names everybody, and says who has opened it.",
            ),
            (
                "Why can I not close it?",
                "Something that the policy asks is missing, or you reported it yourself and the policy wants somebody else to close it.",
            ),
        ],
    },
    Topic {
        slug: "agreements",
        title: "Agreements",
        pages: &["/agreements"],
        says: &[
            "An agreement is a part of the policy that you sign. You sign the words that stand on the page, on the day on which you sign.",
            "At once you have your own copy as a PDF. It carries a proof that anybody can check without asking the school.",
        ],
        answers: &[
            (
                "I signed last year. Why again?",
                "Because the words changed, and then only the changed parts are marked, or because the policy lets a signature run out after a time.",
            ),
            (
                "What if I do not agree?",
                "Choose to decline, and say why. Somebody will talk to you; nothing else happens by itself beyond what the page says.",
            ),
            (
                "Who sees that I have not signed?",
                "Those whose post keeps the list, such as the headteacher and the school office.",
            ),
        ],
    },
    Topic {
        slug: "policy",
        title: "The policy",
        pages: &["/policy"],
        says: &[
            "The policy in force is the program’s configuration. A sentence beside a clause, such as “The screen locks after 10 minutes”, is what the program really does.",
            "Each clause shows whether the school keeps it. Enforced: the program makes the contrary impossible. Met, due soon, not met: counted from records. Attested: a named person gave their word. Stated: words only.",
        ],
        answers: &[
            (
                "How does a change come into force?",
                "Somebody edits a draft, the page of differences says what would change, those whom the policy names approve it, and it begins on the day that was set. Nothing changes before that day.",
            ),
            (
                "What do the short words in the policy’s text mean?",
                "They are controls; “What controls mean” lists each with what it takes and who answers for it.",
            ),
        ],
    },
    Topic {
        slug: "assurance",
        title: "Does the school keep its word?",
        pages: &["/assurance"],
        says: &[
            "Every clause with how it stands today or stood on a past day. Evidence is either measured, which means counted from records that the program keeps, or attested, which means that a named person said so on a date. The two never look alike.",
            "No pupil is named here. “Why” opens the records behind a number, for those who may see them.",
        ],
        answers: &[
            (
                "What do I do about “not met”?",
                "Open the clause: it says how many, since when, and who answers for it.",
            ),
            (
                "Why is much of the policy only “stated”?",
                "Because no record can show it. The program says so rather than claim it.",
            ),
        ],
    },
    Topic {
        slug: "people",
        title: "People",
        pages: &["/people"],
        says: &[
            "Everybody the school knows: staff, governors, pupils, parents and carers, with their classes, families and posts. What a person may do follows from the posts they hold and the dates of those posts.",
            "Nobody is deleted. A last day ends access at the end of that day; two entries of one person are joined, and both histories stay.",
        ],
        answers: &[
            (
                "How do I bring in the new school year?",
                "Import a file from the school’s information system. You see what would change, line by line, before anything does, and nobody is removed because a line is missing.",
            ),
            (
                "Why does an appointment wait?",
                "Some posts need a second person’s approval, so that nobody appoints themselves.",
            ),
            (
                "What happens while somebody is away?",
                "Whoever holds a post, or approves appointments to it, can say on the page of posts when they are away. On those days concerns go to whoever stands in. What no deputy may read, such as a concern about an adult, still goes to whoever is away: for a long absence, appoint an acting holder.",
            ),
        ],
    },
    Topic {
        slug: "accounts",
        title: "Accounts",
        pages: &["/accounts"],
        says: &[
            "Who can sign in. An account belongs to one person on the register; a guest’s account ends by itself on its last day.",
            "A code for a first sign-in or a forgotten password is shown once, to be given by hand. A lost second factor needs a second person’s agreement.",
        ],
        answers: &[
            (
                "Somebody has left. What do I do?",
                "Set their last day under People. Sessions, keys and codes end with it.",
            ),
            (
                "May I see somebody’s password?",
                "No. Nobody can; only a new one can be begun.",
            ),
        ],
    },
    Topic {
        slug: "your-account",
        title: "Your account",
        pages: &["/account", "/step-up", "/unlock", "/kept-form", "/cover"],
        says: &[
            "Your password, your second factor, and where you are signed in. End any session that you do not recognise, and say so at once if somebody else may know your password.",
            "The screen locks after the time that the policy sets. Your password opens it again where you were, with what you had typed. Before something that matters much, you are asked to confirm that it is you.",
        ],
        answers: &[
            (
                "I have lost my telephone. What now?",
                "Sign in with one of your recovery codes, then set up a new second factor. Without codes, ask the network manager: a second person must agree.",
            ),
            (
                "What are keys for programs?",
                "They let other software of the school do a few things in your name, never more than you may do yourself. A key never opens the words of a case.",
            ),
        ],
    },
    Topic {
        slug: "signing-in",
        title: "Signing in",
        pages: &["/sign-in", "/invitation"],
        says: &[
            "Sign in with your e-mail address and your password, and with the code from your app if your post needs one. For a first sign-in, use the code that the school gave you.",
            "After several wrong attempts the page waits a while. That protects your account; nothing is lost.",
        ],
        answers: &[(
            "I have forgotten my password.",
            "Ask whoever looks after accounts, usually the network manager or the school office, for a code to begin a new one.",
        )],
    },
    Topic {
        slug: "backups",
        title: "Backups",
        pages: &["/backups"],
        says: &[
            "Each night a backup is made, encrypted to the recovery kit that is on paper, put back into a scratch place, opened, checked and compared. A backup that was not tried is not counted.",
        ],
        answers: &[(
            "Last night’s drill failed. What do I do?",
            "The page says at which step. Make another now; if that fails too, look at the disk, and at docs/operating.md.",
        )],
    },
    Topic {
        slug: "journal",
        title: "The journal",
        pages: &["/journal"],
        says: &[
            "Everything that was done, by whom and when, in one order that nobody can change afterwards without its being seen. It holds ids and words of ours, never names of children or what anybody wrote.",
            "You see the lines about yourself; some posts see more.",
        ],
        answers: &[(
            "How do I know that it is whole?",
            "Print a checkpoint slip and keep it. Whoever holds the slip can check any later copy of the journal with it, with a program that is not this one if they like.",
        )],
    },
    Topic {
        slug: "notices",
        title: "Notices",
        pages: &["/notices"],
        says: &[
            "Everything that was brought to your attention. Opening one leads to what it speaks of, and marks it as read; so does opening the thing itself.",
            "The mail about a notice says only that something waits.",
        ],
        answers: &[],
    },
    Topic {
        slug: "files-and-packs",
        title: "Files and packs",
        pages: &["/files", "/exports"],
        says: &[
            "Letters, saved mails and pictures of text can be kept with a case. They are sealed as they arrive, looked through by the virus scanner where one is set up, and given out as inert copies.",
            "A picture that could show a child undressed never enters: leave the device alone and go to the designated safeguarding lead.",
            "A pack is what leaves the school: a chronology, a child’s file for the next school, a table. You choose who is named in it and read all of it before it goes.",
        ],
        answers: &[(
            "Why is a file held back?",
            "The scanner has not answered yet. Nothing is lost; the file opens by itself once it was looked through.",
        )],
    },
    Topic {
        slug: "agencies",
        title: "Agencies",
        pages: &["/agencies"],
        says: &[
            "Whom the designated safeguarding lead can reach, for what, and when. Numbers of your own area are the school’s to fill in; one that is missing shows as a gap.",
        ],
        answers: &[],
    },
    Topic {
        slug: "the-systems",
        title: "The systems",
        pages: &["/operations", "/technical-faults"],
        says: &[
            "How the program itself is, and faults of the school’s systems that a report named: what failed and when, and nothing of people.",
        ],
        answers: &[],
    },
    Topic {
        slug: "the-school",
        title: "The school",
        pages: &["/school", "/set-up"],
        says: &[
            "The school’s name, address, terms and closures. Deadlines that the policy counts in school days are counted by this calendar.",
        ],
        answers: &[(
            "Why can I not change how long the screen stays open here?",
            "Because the policy says it. What a policy can say is changed there, and nowhere else.",
        )],
    },
];

/// The topic of a page: the one whose address is the nearest above it.
pub(super) fn of(path: &str) -> Option<&'static Topic> {
    let is_under = |page: &str| {
        path == page
            || (page != "/"
                && path
                    .strip_prefix(page)
                    .is_some_and(|rest| rest.starts_with('/')))
    };
    TOPICS
        .iter()
        .flat_map(|topic| topic.pages.iter().map(move |page| (*page, topic)))
        .filter(|(page, _)| is_under(page))
        .max_by_key(|(page, _)| page.len())
        .map(|(_, topic)| topic)
}

/// The topic of this name.
pub(super) fn named(slug: &str) -> Option<&'static Topic> {
    TOPICS.iter().find(|topic| topic.slug == slug)
}
