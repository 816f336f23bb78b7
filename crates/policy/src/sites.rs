//! The words of the filter: kinds of site, presets, and how much of a search engine is seen.
//! The filter itself stops and opens by these same keys.

use crate::words::Word;

/// What a site is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SiteCategory {
    Adult,
    ViolenceAndHate,
    Extremism,
    SelfHarm,
    Drugs,
    Weapons,
    Gambling,
    Malware,
    Phishing,
    Proxies,
    Vpn,
    EncryptedDns,
    Piracy,
    RemoteControl,
    DynamicNames,
    Social,
    Chat,
    Dating,
    Games,
    Video,
    FileSharing,
    Webmail,
    Forums,
    ArtificialIntelligence,
    Shorteners,
    Shopping,
    Sects,
    Celebrity,
    Money,
    Fakenews,
    Advertising,
    Tracking,
    Jobs,
    News,
    Sports,
    Cooking,
    Children,
    SexEducation,
    Libraries,
    Allowed,
    Updates,
}

impl Word for SiteCategory {
    const KIND: &'static str = "a kind of site";
    const SPELLINGS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Adult, "adult", "pornography and other adult content"),
        (
            Self::ViolenceAndHate,
            "violence-and-hate",
            "violence and hatred",
        ),
        (Self::Extremism, "extremism", "extremism and terrorism"),
        (
            Self::SelfHarm,
            "self-harm",
            "self-harm, suicide and eating disorders",
        ),
        (Self::Drugs, "drugs", "drugs"),
        (Self::Weapons, "weapons", "weapons and dangerous substances"),
        (Self::Gambling, "gambling", "gambling"),
        (Self::Malware, "malware", "software that does harm"),
        (
            Self::Phishing,
            "phishing",
            "sites that steal passwords or money",
        ),
        (Self::Proxies, "proxies", "ways round the filter"),
        (
            Self::Vpn,
            "vpn",
            "private networks that hide what is visited",
        ),
        (Self::EncryptedDns, "encrypted-dns", "other resolvers"),
        (Self::Piracy, "piracy", "stolen copies"),
        (
            Self::RemoteControl,
            "remote-control",
            "control of a computer from elsewhere",
        ),
        (
            Self::DynamicNames,
            "dynamic-names",
            "names that change place by the hour",
        ),
        (Self::Social, "social", "social networks"),
        (Self::Chat, "chat", "chat"),
        (Self::Dating, "dating", "dating"),
        (Self::Games, "games", "games"),
        (Self::Video, "video", "films, music and streams"),
        (Self::FileSharing, "file-sharing", "file hosting"),
        (Self::Webmail, "webmail", "personal mail"),
        (Self::Forums, "forums", "forums and blogs"),
        (
            Self::ArtificialIntelligence,
            "artificial-intelligence",
            "chat with machines",
        ),
        (Self::Shorteners, "shorteners", "shortened addresses"),
        (Self::Shopping, "shopping", "shops"),
        (Self::Sects, "sects", "sects and fortune telling"),
        (Self::Celebrity, "celebrity", "famous people"),
        (Self::Money, "money", "banks and currencies"),
        (Self::Fakenews, "fakenews", "made-up news"),
        (Self::Advertising, "advertising", "advertising"),
        (Self::Tracking, "tracking", "tracking"),
        (Self::Jobs, "jobs", "job search"),
        (Self::News, "news", "news"),
        (Self::Sports, "sports", "sport"),
        (Self::Cooking, "cooking", "cooking"),
        (Self::Children, "children", "sites for children"),
        (Self::SexEducation, "sex-education", "sex education"),
        (Self::Libraries, "libraries", "libraries and education"),
        (
            Self::Allowed,
            "allowed",
            "sites that a publisher vouches for",
        ),
        (Self::Updates, "updates", "updates of programs"),
    ];
}

/// One of three ways to begin with the filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Preset {
    Strict,
    Middle,
    Light,
}

impl Word for Preset {
    const KIND: &'static str = "a preset";
    const SPELLINGS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Strict, "strict", "strict"),
        (Self::Middle, "middle", "middle"),
        (Self::Light, "light", "light"),
    ];
}

/// How much of YouTube a group sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Restriction {
    Strict,
    Moderate,
    Off,
}

impl Word for Restriction {
    const KIND: &'static str = "a restriction";
    const SPELLINGS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Strict, "strict", "strictly"),
        (Self::Moderate, "moderate", "moderately"),
        (Self::Off, "off", "not at all"),
    ];
}

/// A search engine whose addresses carry the term that was searched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SearchEngine {
    Google,
    Bing,
    Youtube,
    Duckduckgo,
    Yahoo,
    Ecosia,
    Brave,
    Qwant,
}

impl Word for SearchEngine {
    const KIND: &'static str = "a search engine";
    const SPELLINGS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Google, "google", "Google"),
        (Self::Bing, "bing", "Bing"),
        (Self::Youtube, "youtube", "YouTube"),
        (Self::Duckduckgo, "duckduckgo", "DuckDuckGo"),
        (Self::Yahoo, "yahoo", "Yahoo"),
        (Self::Ecosia, "ecosia", "Ecosia"),
        (Self::Brave, "brave", "Brave Search"),
        (Self::Qwant, "qwant", "Qwant"),
    ];
}

/// What watched words are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Theme {
    SelfHarm,
    Grooming,
    Extremism,
    Bullying,
}

impl Word for Theme {
    const KIND: &'static str = "a theme of watched words";
    const SPELLINGS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::SelfHarm, "self-harm", "self-harm and suicide"),
        (
            Self::Grooming,
            "grooming",
            "grooming and pictures that somebody asks for",
        ),
        (Self::Extremism, "extremism", "extremism"),
        (Self::Bullying, "bullying", "bullying"),
    ];
}

/// When the browser extension looks and reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Watched {
    /// On school days, from the beginning of the day to its end.
    SchoolHours,
    Always,
}

impl Word for Watched {
    const KIND: &'static str = "a time of watching";
    const SPELLINGS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::SchoolHours, "school-hours", "in school hours"),
        (Self::Always, "always", "at any time"),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_is_spelled_once() {
        for category in SiteCategory::all() {
            assert_eq!(SiteCategory::from_key(category.key()), Some(category));
            assert_eq!(SiteCategory::from_key(category.name()), Some(category));
        }
        assert_eq!(Preset::all().count(), 3);
        assert_eq!(
            Restriction::from_key("moderate"),
            Some(Restriction::Moderate)
        );
    }
}
