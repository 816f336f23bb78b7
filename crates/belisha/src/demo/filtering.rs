//! The filter of a made-up school: small lists, a few requests in every state, a lesson to come, and
//! a week of traffic in which one device keeps trying.

use std::fmt::Write as _;

use belisha_filter::compile::{Compile, compile};
use belisha_filter::lists::Limits;
use belisha_policy::Post;
use jiff::Span;

use super::agenda::Agenda;
use super::cases::boxes;
use super::dice::Dice;
use super::living::{Deed, Living};
use super::visit::Browser;
use super::{Life, Pack, founding};
use crate::problem::{Fault, Problem};

/// Small lists, with a few names that everybody knows.
const LISTS: &[(&str, &str)] = &[
    ("adult", "pornhub.com\nxvideos.com\n"),
    ("gambling", "bet365.com\npokerstars.com\n"),
    ("games", "poki.com\nminiclip.com\ntimes-tables.example\n"),
    ("social", "tiktok.com\nfacebook.com\n"),
    ("self-harm", "harm.example\n"),
    ("drugs", "drugs.example\n"),
    ("violence-and-hate", "hate.example\n"),
    ("proxies", "kproxy.com\nhidemyass.com\n"),
    ("vpn", "nordvpn.com\n"),
    ("bank", "bank.example\n"),
];

/// What pupils’ devices ask for on a day, with the word and the list that the filter answers by.
const ASKED: &[(&str, &str, &str)] = &[
    ("bbc.co.uk", "allowed", ""),
    ("library.example", "allowed", ""),
    ("times-tables.example", "listed", "games"),
    ("www.google.com", "safe-search", ""),
    ("poki.com", "listed", "games"),
    ("tiktok.com", "listed", "social"),
    ("classroom.example", "allowed", ""),
];

/// So many days of traffic, on so many devices.
const DAYS: usize = 4;
const DEVICES: u8 = 14;

/// Devices that the network manager has written down: name, hardware address, group, place.
const DEVICES_HELD: &[(&str, &str, &str, &str)] = &[
    ("tablet-9", "02:00:5e:10:00:09", "pupils", "Library"),
    ("tablet-10", "02:00:5e:10:00:10", "pupils", "Library"),
    ("laptop-17", "02:00:5e:10:00:17", "staff", "Infants’ block"),
    ("reception-1", "02:00:5e:10:00:01", "guests", "Reception"),
];

/// Plans the filter’s part of the last week before the present.
pub(super) fn plan(life: &Life<'_>, agenda: &mut Agenda<Deed>) -> Result<(), Fault> {
    let day = founding::weekday_before(life.until - Span::new().days(2));
    agenda.plan(life.at(day, 15, 40)?, Deed::UseFilter);
    Ok(())
}

pub(super) async fn live(life: &Life<'_>, living: &Living) -> Result<(), Problem> {
    lists(life)?;
    traffic(life)?;
    crate::filter::take_log_now(life.school).await?;
    requests(life, living).await?;
    lesson(life, living).await?;
    crate::filter::set_now(life.school).await?;
    crate::filter::test_now(life.school).await?;
    Ok(())
}

fn lists(life: &Life<'_>) -> Result<(), Fault> {
    let fault = |error: std::io::Error| Fault::at("making lists up".into(), error);
    let folder = crate::filter::folder(life.school);
    for (category, names) in LISTS {
        let place = folder.join("lists").join(category);
        std::fs::create_dir_all(&place).map_err(fault)?;
        std::fs::write(place.join("domains"), names).map_err(fault)?;
    }
    compile(&Compile {
        lists: &folder.join("lists"),
        out: &folder.join("filter.index"),
        key: [0x42; 32],
        built_at: life.school.clock.now().as_second(),
        limits: Limits::default(),
        accept: std::collections::BTreeSet::new(),
    })
    .map_err(|error| Fault::at("making lists up".into(), error))?;
    Ok(())
}

/// Writes the resolver’s files of the last school days.
fn traffic(life: &Life<'_>) -> Result<(), Fault> {
    let dice = Dice::of(&*life.school.chance);
    let folder = crate::filter::folder(life.school).join("log");
    let fault = |error: std::io::Error| Fault::at("making traffic up".into(), error);
    std::fs::create_dir_all(&folder).map_err(fault)?;
    let mut day = life.school.today();
    for ago in 0..DAYS {
        let start = life.at(day, 9, 0)?.as_millisecond();
        let mut text = String::new();
        let mut lines: Vec<(i64, String)> = Vec::new();
        for device in 0..DEVICES {
            for (name, word, list) in ASKED {
                let at = start + dice.between(0, 350) * 60_000;
                lines.push((
                    at,
                    format!("10.2.0.{device}\t\tpupils\t{name}\t1\t{word}\t{list}\t{list}"),
                ));
            }
        }
        if ago == 0 {
            for minute in [62, 64, 71, 80] {
                let line =
                    "10.2.0.9\ttablet-9\tpupils\tharm.example\t1\tlisted\tself-harm\tself-harm";
                lines.push((start + minute * 60_000, line.to_owned()));
            }
        }
        lines.sort();
        for (at, line) in lines {
            let _ = writeln!(text, "{at}\t{line}");
        }
        let hour = start / 3_600_000;
        std::fs::write(folder.join(format!("{hour}-0000.log")), text).map_err(fault)?;
        day = founding::weekday_before(day - Span::new().days(1));
    }
    Ok(())
}

/// Asks for a site; where the request stands.
async fn ask(browser: &mut Browser, name: &str, until: &str, why: &str) -> Result<String, Problem> {
    let fields = [
        ("name", name),
        ("group", "pupils"),
        ("wish", "open"),
        ("until", until),
        ("reason", why),
    ];
    let sent = browser
        .post("/approvals/new/filter-change", &fields)
        .await?;
    Ok(sent.led_to)
}

async fn requests(life: &Life<'_>, living: &Living) -> Result<(), Problem> {
    let teacher = living.a_teacher();
    let mut teacher = living.sit_down(life, teacher).await?;
    let tables = ask(
        &mut teacher,
        "times-tables.example",
        "always",
        "Times tables in Year 4",
    )
    .await?;
    life.a_minute_passes();
    let bets = ask(
        &mut teacher,
        "bet365.com",
        "today",
        "Chance and odds in mathematics",
    )
    .await?;
    life.a_minute_passes();
    ask(
        &mut teacher,
        "poki.com",
        "today",
        "A reward on the last day of term",
    )
    .await?;
    life.a_minute_passes();
    let mut head = living
        .sit_down(life, living.account_of(Post::Headteacher))
        .await?;
    let agree = [
        (
            "risk",
            "It shows adverts for other games; our browsers block them.",
        ),
        ("decision", "agree"),
        ("note", "Good."),
    ];
    head.post(&format!("{tables}/decision"), &agree).await?;
    life.a_minute_passes();
    let refuse = [
        ("decision", "refuse"),
        (
            "note",
            "There are better examples than a betting shop. Please look at the dice in the maths cupboard.",
        ),
    ];
    head.post(&format!("{bets}/decision"), &refuse).await?;
    life.a_minute_passes();
    let mut manager = living
        .sit_down(life, living.account_of(Post::NetworkManager))
        .await?;
    manager.post(&format!("{tables}/application"), &[]).await?;
    for (name, hardware, group, site) in DEVICES_HELD {
        life.a_minute_passes();
        let fields = [
            ("name", *name),
            ("hardware", *hardware),
            ("group", *group),
            ("site", *site),
        ];
        manager.post("/filter/devices/new", &fields).await?;
    }
    Ok(())
}

/// A lesson on the next school day, agreed by whoever must agree.
async fn lesson(life: &Life<'_>, living: &Living) -> Result<(), Problem> {
    life.a_minute_passes();
    let mut day = life.until + Span::new().days(1);
    while !founding::is_school_day(day) && day < life.until + Span::new().days(30) {
        day += Span::new().days(1);
    }
    let [on_day, on_month, on_year] = boxes(day);
    let (group, deciders) = match living.pack {
        Pack::Junior => ("pupils", &[Post::Headteacher][..]),
        Pack::Primary => (
            "year-6",
            &[Post::Headteacher, Post::DataProtectionOfficer][..],
        ),
    };
    let fields = [
        ("lesson", "How adverts persuade"),
        ("class", "Year 6"),
        ("group", group),
        ("pages", "https://www.tiktok.com/about\n"),
        ("on-day", &on_day),
        ("on-month", &on_month),
        ("on-year", &on_year),
        ("from", "10:45"),
        ("to", "11:30"),
        (
            "aims",
            "To see how a short film is made to keep people watching.",
        ),
        (
            "risk",
            "Comments under a film. The teacher shows it on the board, and pupils do not search.",
        ),
    ];
    let mut teacher = living.sit_down(life, living.a_teacher()).await?;
    let lesson = teacher
        .post("/approvals/new/sensitive-lesson", &fields)
        .await?
        .led_to;
    for post in deciders {
        life.a_minute_passes();
        let mut decider = living.sit_down(life, living.account_of(*post)).await?;
        let agree = [("decision", "agree"), ("note", "")];
        decider.post(&format!("{lesson}/decision"), &agree).await?;
    }
    Ok(())
}
