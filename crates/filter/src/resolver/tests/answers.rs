//! What clients hear: open, stopped, made safe, cut to fit, and nothing at all.

use super::*;

#[test]
fn what_is_open_is_fetched_once_and_then_known() {
    let school = School::usual();
    assert_eq!(school.address("open.example"), SITE);
    assert_eq!(school.address("OPEN.example"), SITE);
    assert_eq!(school.asked(), 1);
    let message = school.ask("missing.example", A);
    assert_eq!(message.metadata.response_code, ResponseCode::NXDomain);
    assert!(message.metadata.recursion_available && !message.metadata.authoritative);
    // The client did not ask about signatures, so it hears nothing about them.
    assert!(!message.metadata.authentic_data);
    let mut packet = question("open.example", A, false);
    packet[3] |= 0x20;
    assert_eq!(school.send(&packet).expect("an answer")[3] & 0x20, 0x20);
}

#[test]
fn what_is_stopped_leads_nowhere_and_says_why() {
    let school = School::usual();
    assert_eq!(school.address("www.games.example"), NOWHERE);
    let six = school.ask("games.example", AAAA);
    assert_eq!(six.answers[0].record_type(), RecordType::AAAA);
    assert_eq!(school.ask("games.example", HTTPS).answers.len(), 0);
    let raw = school
        .send(&question("games.example", A, true))
        .expect("an answer");
    let said = b"\x00\x0fBlocked by the school's filter";
    assert!(raw.windows(said.len()).any(|part| part == said), "{raw:?}");
    let bare = school
        .send(&question("games.example", A, false))
        .expect("an answer");
    assert_eq!(bare[10..12], [0, 0], "no EDNS for who sent none");
    assert_eq!(school.address("illegal.example"), NOWHERE);
    assert_eq!(school.asked(), 0);
}

#[test]
fn a_name_that_leads_through_a_stopped_one_is_stopped() {
    let school = School::usual();
    assert_eq!(school.address("cloaked.example"), NOWHERE);
    assert_eq!(school.address("cloaked.example"), NOWHERE);
    assert_eq!(school.address("deep.example"), NOWHERE);
}

#[test]
fn an_inside_address_from_outside_is_not_believed() {
    let school = School::usual();
    assert_eq!(school.address("rebound.example"), NOWHERE);
    // Nor when it comes for the safe name that stands in an engine's place.
    assert_eq!(school.address("www.youtube.com"), NOWHERE);
    assert_eq!(
        school.address("printer.school.internal"),
        Some(Ipv4Addr::new(10, 0, 0, 7))
    );
}

#[test]
fn search_is_made_safe_for_pupils_and_left_alone_for_staff() {
    let school = School::new(
        vec![Upstream::start(Manner::Honest)],
        "[[range]]\nrange = \"127.0.0.2/32\"\ngroup = \"staff\"\n",
    );
    let safe = school.ask("www.google.co.uk", A);
    let kinds: Vec<RecordType> = safe
        .answers
        .iter()
        .map(|record| record.record_type())
        .collect();
    assert_eq!(kinds, [RecordType::CNAME, RecordType::A]);
    assert_eq!(
        school.address("www.google.co.uk"),
        Some(Ipv4Addr::new(216, 239, 38, 120))
    );
    assert_eq!(school.ask("www.google.co.uk", HTTPS).answers.len(), 0);
    assert_eq!(
        school.address("yandex.com"),
        Some(Ipv4Addr::new(213, 180, 193, 56))
    );
    assert_eq!(school.address("www.qwant.com"), NOWHERE);
    let staff = UdpSocket::bind("127.0.0.2:0").expect("a socket");
    staff
        .set_read_timeout(Some(Duration::from_secs(5)))
        .expect("set");
    staff
        .send_to(
            &question("www.google.co.uk", A, true),
            school.resolver.addresses().plain[0],
        )
        .expect("sent");
    let mut answer = [0; 2048];
    let length = staff.recv(&mut answer).expect("an answer");
    let message = Message::from_vec(&answer[..length]).expect("a message");
    assert_eq!(message.answers.len(), 1);
}

#[test]
fn devices_that_would_go_round_are_told_not_to() {
    let school = School::usual();
    for name in [
        "use-application-dns.net",
        "mask.icloud.com",
        "_dns.resolver.arpa",
    ] {
        assert_eq!(
            school.ask(name, A).metadata.response_code,
            ResponseCode::NXDomain,
            "{name}"
        );
    }
    assert_eq!(school.asked(), 0);
}

#[test]
fn a_long_answer_is_cut_for_udp_and_whole_over_tcp() {
    let school = School::usual();
    let short = school
        .send(&question("long.example", A, false))
        .expect("an answer");
    assert!(short.len() <= 512 && short[2] & 2 != 0);
    let packet = question("long.example", A, false);
    let answer = school.over_tcp(&packet);
    assert_eq!(
        Message::from_vec(&answer).expect("a message").answers.len(),
        60
    );
}

#[test]
fn questions_that_are_none_get_a_code_or_nothing() {
    let school = School::usual();
    let code = |packet: &[u8]| school.send(packet).expect("an answer")[3] & 0x0f;
    assert_eq!(code(&question("open.example", 252, true)), 5);
    assert_eq!(code(&question("open.example", 255, true)), 4);
    let mut chaos = question("open.example", A, false);
    *chaos.last_mut().expect("a byte") = 3;
    assert_eq!(code(&chaos), 5);
    let mut looped = question("open.example", A, false);
    looped[HEADER] = 0xc0;
    looped[HEADER + 1] = HEADER as u8;
    assert_eq!(code(&looped), 1);
    let mut later = question("open.example", A, true);
    let version = later.len() - 5;
    later[version] = 1;
    let answer = school.send(&later).expect("an answer");
    assert_eq!(answer[answer.len() - 6], 1, "the high part of BADVERS");
}

#[test]
fn a_client_outside_gets_no_answer_worth_having() {
    let school = School::new(
        vec![Upstream::start(Manner::Honest)],
        "networks = [\"10.0.0.0/8\"]\n",
    );
    assert_eq!(
        school.ask("open.example", A).metadata.response_code,
        ResponseCode::Refused
    );
    assert_eq!(
        school.ask("games.example", A).metadata.response_code,
        ResponseCode::Refused
    );
    assert_eq!(school.asked(), 0);
}

#[test]
fn a_flood_from_one_client_is_held() {
    let school = School::new(
        vec![Upstream::start(Manner::Honest)],
        "questions_per_second = 5\n",
    );
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a socket");
    socket
        .set_read_timeout(Some(Duration::from_millis(500)))
        .expect("set");
    for _ in 0..200 {
        socket
            .send_to(
                &question("games.example", A, false),
                school.resolver.addresses().plain[0],
            )
            .expect("sent");
    }
    let mut answers = 0;
    let mut buffer = [0; 512];
    while socket.recv(&mut buffer).is_ok() {
        answers += 1;
    }
    // Two hundred questions may fall into two seconds, and on a slow machine into three.
    assert!((1..=15).contains(&answers), "{answers}");
}

#[test]
fn devices_that_would_go_round_are_told_not_to_where_all_else_is_closed() {
    let folder = tempfile::tempdir().expect("a folder");
    index(folder.path(), &[]);
    let snapshot = alone(
        folder.path(),
        "[[group]]\nname = \"infants\"\npreset = \"strict\"\nonly_allowed = true\n",
    );
    let (mut worker, mut out) = (worker(), Vec::new());
    let mut code = |name: &str| {
        let done = by_itself(&mut worker, &snapshot, name, &mut out);
        assert_eq!(done, judge::Done::Reply);
        Message::from_vec(&out)
            .expect("a message")
            .metadata
            .response_code
    };
    assert_eq!(
        code("open.example"),
        ResponseCode::NoError,
        "an address that leads nowhere"
    );
    assert_eq!(code("use-application-dns.net"), ResponseCode::NXDomain);
}

#[test]
fn what_was_clean_by_one_index_is_looked_up_in_the_next() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut worker, mut out) = (worker(), Vec::new());
    let mut asked = |illegal: &str| {
        let mut builder = Builder::new(Key::new([2; 32]));
        builder.add_hashed(Hashed::new(SALT.to_vec(), vec![digest(&SALT, illegal)]));
        builder
            .write(&folder.path().join("index"), 0)
            .expect("written");
        // Each is gone before the next is made, and may leave it its place in memory.
        let snapshot = alone(folder.path(), POLICY);
        by_itself(&mut worker, &snapshot, "later.example", &mut out)
    };
    for _ in 0..8 {
        assert!(matches!(asked("other.example"), judge::Done::Ask(_)));
        assert_eq!(asked("later.example"), judge::Done::Reply);
    }
}
