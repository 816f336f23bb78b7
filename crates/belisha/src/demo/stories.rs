//! What happens in a made-up school: short, careful texts in the words of the people who
//! would write them. `{a}` is the child it befell, `{b}` another child, `{adult}` a grown-up.

/// Something that happened, and what was done about it.
pub(super) struct Story {
    /// The line of the risk list on which the triage settles.
    pub(super) category: &'static str,
    pub(super) about: AboutWhom,
    /// The reporter thinks that a child is at risk now.
    pub(super) at_risk: bool,
    pub(super) words: &'static str,
    pub(super) place: &'static str,
    pub(super) knows_how: &'static str,
    pub(super) entry: &'static str,
    pub(super) action: &'static str,
    pub(super) outcome: &'static str,
}

/// Whom a story is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AboutWhom {
    /// Something befell a child, and nobody of the school did it.
    Child,
    /// One child did something to another.
    Children,
    /// Somebody who works at the school.
    Assistant,
    Headteacher,
}

const fn child(
    category: &'static str,
    words: &'static str,
    entry: &'static str,
    outcome: &'static str,
) -> Story {
    Story {
        category,
        about: AboutWhom::Child,
        at_risk: false,
        words,
        place: "Classroom",
        knows_how: "I was there",
        entry,
        action: "Talk with {a} again in a week and write down how things are.",
        outcome,
    }
}

const fn between(
    category: &'static str,
    words: &'static str,
    entry: &'static str,
    outcome: &'static str,
) -> Story {
    Story {
        about: AboutWhom::Children,
        knows_how: "A child told me",
        place: "Playground",
        action: "Check with both children at the end of next week.",
        ..child(category, words, entry, outcome)
    }
}

const fn at_risk(
    category: &'static str,
    words: &'static str,
    entry: &'static str,
    outcome: &'static str,
) -> Story {
    Story {
        at_risk: true,
        knows_how: "The child told me",
        action: "Agree with the family who checks the device and how, and write it down.",
        ..child(category, words, entry, outcome)
    }
}

pub(super) const STORIES: &[Story] = &[
    child(
        "content/inappropriate",
        "While we looked for pictures of rivers, a picture came up on {a}'s tablet that was not meant for children. \
         {a} turned the tablet over at once and put a hand up. Nobody else saw it.",
        "Spoke with {a}, who did exactly the right thing and was told so. The search words were harmless. \
         The network manager has the address and the time.",
        "The site is blocked for pupils. The lesson plan now has a list of picture sources.",
    ),
    between(
        "conduct/bullying",
        "{a} was in tears after lunch. There is a group chat outside school in which {b} and others have voted on \
         who may sit with whom. {a} was voted out again last night.",
        "Spoke with {a} and {b} apart. {b} had not thought of it as bullying and was upset to see how it looked. \
         Both families have agreed to look at the chat together.",
        "The chat was closed by the children themselves. They eat together again.",
    ),
    child(
        "conduct/privacy",
        "{a} told the class that a game had asked for a birthday and an address and that filling it in gave extra \
         coins. I asked the class to stop there and spoke with {a} on our own.",
        "{a} showed on the classroom computer which game it was. It is not for under-thirteens. Home was rung the same day.",
        "The family has deleted the account and asked the maker to erase the details.",
    ),
    child(
        "commerce/scam",
        "{a} is worried about a message that said the family tablet would be locked unless somebody paid. \
         {a} has not told anyone at home for fear of having broken it.",
        "Rang home with {a} beside me. Nothing had been paid. The family was relieved to be told.",
        "Used as the example in assembly, without a name: tell somebody, you are not in trouble.",
    ),
    at_risk(
        "contact/grooming",
        "{a} mentioned a friend in a building game who is “nearly grown up”, sends presents in the game and asks to keep \
         that a secret. They have never met. {a} was asked last night to move to another app.",
        "Listened to {a} without asking for detail. Nothing was deleted. Advice was taken and a referral made the same \
         afternoon; the reference is in our usual log.",
        "The account in the game was reported by the family and is gone. Support for {a} goes on outside this record.",
    ),
    between(
        "conduct/aggression",
        "During the match on the consoles club {b} shouted at {a} over the headset in words that the others will not \
         repeat, and carried on in the corridor.",
        "{b} calmed down and wrote to {a}. The club leader had the volume of voice chat on for everyone.",
        "Voice chat is off at the club. Both play on.",
    ),
    child(
        "conduct/health",
        "{a} fell asleep twice this morning and says the phone stays on under the pillow until very late because of \
         a streak that must not be broken.",
        "Rang home. The phone now sleeps in the kitchen, and the streak was ended together.",
        "{a} is awake in lessons again. The streak is talked about as a joke.",
    ),
    child(
        "content/false",
        "{a} is frightened by a film that says the school will be flooded next month, and has packed a bag. \
         Several in the class have seen it.",
        "We looked at the film together and found who made it and when. The class has made a poster on how to check.",
        "The bag is unpacked. Assembly on Friday was about checking what we are shown.",
    ),
    between(
        "contact/peer-pressure",
        "{b} has been daring others, {a} among them, to film themselves on the high wall and send it round. \
         {a} did not want to and does not know how to say so.",
        "Spoke with the four who were dared, and with {b}. No film was made on school ground. Families were told.",
        "The dare has ended. The wall is on the round at lunchtime.",
    ),
    child(
        "conduct/rules",
        "{a} had a phone in the coat pocket during the spelling test and it rang. It should have been in the box by the door.",
        "The phone went to the office and was collected at the end of the day. {a} had forgotten it was there.",
        "No more to do.",
    ),
    child(
        "contact/identity",
        "{a} cannot get into the class account, and drawings that were not {a}'s have appeared under that name. \
         I think somebody guessed the picture password.",
        "The account was made safe first. The drawings were rude about nobody. Two children said that they had guessed it.",
        "New picture passwords for the whole class, chosen apart.",
    ),
    child(
        "commerce/gambling",
        "{a} told me proudly about opening boxes in a game for money, sixty pounds since Sunday, on a card that is saved \
         on the family's console.",
        "Rang home, where it had not been noticed. The card was taken off the console.",
        "The maker of the game gave part of the money back. The family uses the spending limit now.",
    ),
    at_risk(
        "content/self-harm",
        "{a} asked me quietly whether it is true that hurting yourself makes worries go away, because a film said so. \
         I said that I was glad to be asked and that I would get somebody who can help.",
        "The lead sat with {a} the same hour. The family came in. Help from outside was arranged and the plan is kept with our \
         child protection papers.",
        "The plan is in place and is reviewed elsewhere.",
    ),
    between(
        "content/hate",
        "{b} repeated something in class about people of {a}'s faith, word for word as in a film, and did not seem to know \
         what it meant. {a} went very quiet.",
        "Spoke with {a} first, then with {b}. {b}'s older cousin shows the films. Both families were rung.",
        "{b} and {a} worked on a page about festivals. The films are no longer watched at home.",
    ),
    child(
        "conduct/copyright",
        "{a}'s poem for the competition is word for word on a page for poems, and was handed in as {a}'s own.",
        "{a} thought that changing the title was enough. We wrote a new one together.",
        "The new poem was sent in. No more to do.",
    ),
    at_risk(
        "conduct/nude-image",
        "{a} says that somebody in another school keeps asking for “that kind of picture” and that it feels horrible. \
         {a} has not sent anything. I did not ask to see the phone and have not looked at it.",
        "Nobody looked at or copied anything. The lead followed the policy step by step with {a} and the family.",
        "Nothing was sent. The other school's lead knows. {a} has somebody to talk to.",
    ),
    child(
        "commerce/advertising",
        "An advertisement for a betting site played before the song that we use for tidying up. Thirty children saw it.",
        "The song is now played from our own copy. The address went to the network manager.",
        "The advertisements are blocked on classroom machines.",
    ),
    between(
        "conduct/reputation",
        "{b} has put a film of {a} falling over on sports day online, with music. It has been laughed at by children from \
         three schools, {a} says.",
        "{b} took it down while we talked and had not asked {a} before. Both families were told.",
        "The film is gone. {b} has said sorry, and {a} has said that it is all right.",
    ),
    child(
        "contact/disturbing",
        "A chain message is going round Year 5 that says something bad will happen to your family unless you send it on. \
         {a} has not slept.",
        "Talked with the whole class. Nobody need send anything on. Families had a letter the same day.",
        "It has stopped. {a} sleeps again, says the family.",
    ),
    child(
        "conduct/health",
        "{a} will not have lunch and says that a page has a counter for what a body should look like. I said we would talk \
         with somebody who knows about this.",
        "The pastoral lead met {a} and the family. The page was blocked at home and here.",
        "{a} eats with friends. The school nurse keeps an eye on it.",
    ),
];

/// The concerns about adults that every made-up school has in its first term.
pub(super) const ABOUT_ADULTS: &[Story] = &[
    Story {
        category: "conduct/rules",
        about: AboutWhom::Assistant,
        at_risk: false,
        words: "On the trip {adult} took photographs of the children with an own phone. I think it was meant kindly, to send \
                them to the class teacher, but it is not what we agreed.",
        place: "Museum",
        knows_how: "I was there",
        entry: "Met {adult}, who had used the phone because the school camera was flat. The pictures were deleted from the \
                phone and from where it copies them to, with me watching.",
        action: "Put a charged spare camera into the trip box.",
        outcome: "A low-level concern. The rule was gone through again with {adult}, who has signed the agreement anew.",
    },
    Story {
        category: "conduct/reputation",
        about: AboutWhom::Headteacher,
        at_risk: false,
        words: "The headteacher answered a parent's complaint in the open on a neighbourhood page and named the child. \
                It was taken down an hour later, but it was read by many.",
        place: "Online",
        knows_how: "I saw it online",
        entry: "Spoke with the headteacher, who does not dispute it. Advice was asked for from the designated officer.",
        action: "Write to the family on behalf of the governors.",
        outcome: "Advice and training were given. The governors have written to the family.",
    },
];
