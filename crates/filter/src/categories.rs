//! What sites are about, as schools name it, and where each preset stops them.

/// One kind of site.
#[derive(Debug, PartialEq, Eq)]
pub struct Category {
    pub key: &'static str,
    pub title: &'static str,
    /// The mildest preset that still stops it.
    pub stopped_by: Option<Preset>,
    /// Names that lists use for it.
    pub also: &'static [&'static str],
}

/// Three ways to begin, as schools know them.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Preset {
    /// What nobody should meet at work: for staff.
    Light,
    /// And what distracts or needs an age: for older pupils under a teacher's eye.
    Middle,
    /// And whatever nobody has named yet: for pupils.
    Strict,
}

use Preset::{Light, Middle, Strict};

macro_rules! categories {
    ($($key:literal $title:literal $by:expr, [$($also:literal)*];)*) => {
        &[$(Category { key: $key, title: $title, stopped_by: $by, also: &[$($also),*] },)*]
    };
}

/// All categories, in order of their titles' weight for a school.
pub static CATEGORIES: &[Category] = categories! {
    "adult" "Pornography and other adult content" Some(Light), ["porn" "mixed_adult" "sexual" "nsfw" "pornography" "lingerie"];
    "violence-and-hate" "Violence and hatred" Some(Light), ["agressif" "aggressive" "violence" "hate" "hate_speech" "racism"];
    "extremism" "Extremism and terrorism" Some(Light), ["terrorism" "radicalisation"];
    "self-harm" "Self-harm, suicide and eating disorders" Some(Light), ["suicide" "self_harm" "eating_disorders"];
    "drugs" "Drugs" Some(Light), ["drogue" "drug"];
    "weapons" "Weapons and dangerous substances" Some(Light), ["dangerous_material" "bombs"];
    "gambling" "Gambling" Some(Light), ["bets"];
    "malware" "Software that does harm" Some(Light), ["ransomware" "virus" "stalkerware" "cryptojacking" "ddos" "hacking" "badware"];
    "phishing" "Sites that steal passwords or money" Some(Light), ["scam" "fraud" "abuse"];
    "proxies" "Ways round the filter" Some(Light), ["redirector" "strong_redirector" "proxy" "anonymizer" "residential-proxies" "tor"];
    "vpn" "Private networks that hide what is visited" Some(Light), ["vpns"];
    "encrypted-dns" "Other resolvers" Some(Light), ["doh" "dns-over-https"];
    "piracy" "Stolen copies" Some(Light), ["warez" "torrent" "piracy" "p2p"];
    "remote-control" "Control of a computer from elsewhere" Some(Middle), ["remote-control"];
    "dynamic-names" "Names that change place by the hour" Some(Middle), ["dynamic-dns" "dyndns"];
    "social" "Social networks" Some(Middle), ["social_networks" "social-networks" "facebook" "tiktok" "twitter" "snapchat" "instagram"];
    "chat" "Chat" Some(Middle), ["discord" "whatsapp"];
    "dating" "Dating" Some(Light), [];
    "games" "Games" Some(Middle), ["gaming" "educational_games_no"];
    "video" "Films, music and streams" Some(Middle), ["audio-video" "youtube" "streaming" "radio" "manga"];
    "file-sharing" "File hosting" Some(Middle), ["filehosting"];
    "webmail" "Personal mail" Some(Strict), ["mail"];
    "forums" "Forums and blogs" Some(Strict), ["blog"];
    "artificial-intelligence" "Chat with machines" Some(Strict), ["ai"];
    "shorteners" "Shortened addresses" Some(Strict), ["shortener" "redirect"];
    "shopping" "Shops" Some(Strict), [];
    "sects" "Sects and fortune telling" Some(Middle), ["sect" "astrology"];
    "celebrity" "Famous people" Some(Strict), [];
    "money" "Banks and currencies" Some(Strict), ["bank" "financial" "bitcoin" "cryptocurrency" "crypto"];
    "fakenews" "Made-up news" Some(Middle), ["fake" "fake-news" "fakenews"];
    "advertising" "Advertising" Some(Light), ["publicite" "ads" "advertisement"];
    "tracking" "Tracking" Some(Light), ["tracker" "trackers" "telemetry"];
    "jobs" "Job search" None, ["jobsearch"];
    "news" "News" None, ["press"];
    "sports" "Sport" None, [];
    "cooking" "Cooking" None, [];
    "children" "Sites for children" None, ["child"];
    "sex-education" "Sex education" None, ["sexual_education"];
    "libraries" "Libraries and education" None, ["liste_bu"];
    "allowed" "Sites that a publisher vouches for" None, ["liste_blanche" "whitelist" "allowlist"];
    "updates" "Updates of programs" None, ["update"];
};

/// The category with this key.
pub fn category(key: &str) -> Option<&'static Category> {
    CATEGORIES.iter().find(|category| category.key == key)
}

/// The key of the category that a list's own name means. A name that we do not know is a category
/// of its own, which the strict preset stops.
pub fn of_list(name: &str) -> String {
    let name = name.to_ascii_lowercase();
    CATEGORIES
        .iter()
        .find(|category| category.key == name || category.also.contains(&name.as_str()))
        .map_or(name, |category| category.key.to_owned())
}

/// Whether a preset stops a category.
pub fn stops(preset: Preset, key: &str) -> bool {
    category(key).map_or(preset == Strict, |category| {
        category.stopped_by.is_some_and(|by| preset >= by)
    })
}

/// What people read of a category.
pub fn title(key: &str) -> &str {
    category(key).map_or(key, |category| category.title)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_means_one_category() {
        let mut words: Vec<&str> = CATEGORIES
            .iter()
            .flat_map(|category| category.also.iter().copied().chain([category.key]))
            .collect();
        let count = words.len();
        words.sort_unstable();
        words.dedup();
        // A category may give its own key among the words that lists use.
        let own = CATEGORIES
            .iter()
            .filter(|category| category.also.contains(&category.key))
            .count();
        assert_eq!(words.len() + own, count);
    }

    #[test]
    fn presets_go_from_strict_to_light() {
        let count = |preset| {
            CATEGORIES
                .iter()
                .filter(|one| stops(preset, one.key))
                .count()
        };
        assert!(count(Strict) > count(Middle) && count(Middle) > count(Light));
        assert!(stops(Light, "adult"));
        assert!(stops(Middle, "games") && !stops(Light, "games"));
        assert!(stops(Strict, "of-nobody") && !stops(Middle, "of-nobody"));
        assert!(!stops(Strict, "libraries"));
    }

    #[test]
    fn lists_use_many_words_for_one_thing() {
        for (word, key) in [
            ("agressif", "violence-and-hate"),
            ("redirector", "proxies"),
            ("Redirect", "shorteners"),
            ("nobody", "nobody"),
        ] {
            assert_eq!(of_list(word), key);
        }
    }
}
