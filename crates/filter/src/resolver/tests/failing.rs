//! Upstreams that are wrong, silent or slow, and what is under way to them.

use super::*;

#[test]
fn the_next_upstream_answers_for_one_that_is_wrong_or_silent() {
    for manner in [Manner::Silent, Manner::WrongId, Manner::Refusing] {
        let upstreams = vec![Upstream::start(manner), Upstream::start(Manner::Honest)];
        let school = School::new(upstreams, "");
        assert_eq!(school.address("open.example"), SITE);
    }
}

#[test]
fn when_no_upstream_answers_the_client_is_told() {
    let school = School::new(vec![Upstream::start(Manner::Garbage)], "");
    assert_eq!(
        school.ask("open.example", A).metadata.response_code,
        ResponseCode::ServFail
    );
    assert_eq!(school.resolver.counts().failed, 1);
}

#[test]
fn an_old_answer_is_better_than_none() {
    let school = School::usual();
    assert_eq!(school.address("brief.example"), SITE);
    school.upstreams[0].silent.store(true, Ordering::Relaxed);
    // It was good for a second; ask until it has run out and the upstream's silence has been noticed.
    let before = school.asked();
    while school.asked() == before {
        assert_eq!(school.address("brief.example"), SITE);
    }
    let stale = school.ask("brief.example", A);
    assert_eq!(stale.answers.len(), 1);
}

#[test]
fn only_so_many_questions_are_under_way_at_once() {
    let school = School::usual();
    let streams = Streams {
        shared: school.resolver.shared.clone(),
        worker: school.resolver.worker.clone(),
        room: Arc::new(Semaphore::new(MOST)),
    };
    let runtime = school.resolver.runtime.as_ref().expect("it runs");
    let (jobs, taken) = mpsc::channel(1);
    let room = Arc::new(Semaphore::new(1));
    let full = room.clone().try_acquire_owned().expect("a place");
    runtime.spawn(work(streams, taken, Vec::new(), room));
    let name = Lower::of("open.example").expect("a name");
    let key = cache::CacheKey::new(&school.resolver.shared.cache.key, &name, A, false, false, 0);
    let job = Job {
        packet: question("open.example", A, false).into(),
        asker: judge::Asker {
            from: "127.0.0.1".parse().expect("an address"),
            token: None,
            is_udp: true,
            is_quiet: false,
        },
        wanted: Wanted::Renewal(key),
        socket: 0,
    };
    assert!(jobs.try_send(job).is_ok());
    std::thread::sleep(Duration::from_millis(200));
    assert_eq!(school.asked(), 0);
    drop(full);
    while school.asked() == 0 {
        std::thread::yield_now();
    }
}

#[test]
fn an_answer_that_runs_out_is_fetched_anew_whoever_asks_for_it() {
    let school = School::usual();
    let shared = &school.resolver.shared;
    let name = Lower::of("open.example").expect("a name");
    let asked = message::question(&name, A, false, false, &[0; 40]);
    let now = shared.clock.now().second;
    let kept = message::read(&asked, &answer(&asked), false, now - 55).expect("an answer");
    let key = cache::CacheKey::new(&shared.cache.key, &name, A, false, false, 0);
    shared.cache.put(key, Arc::new(kept), now);
    let answer = school.over_tcp(&question("open.example", A, false));
    assert_eq!(
        Message::from_vec(&answer).expect("a message").answers.len(),
        1
    );
    while school.asked() == 0 {
        std::thread::yield_now();
    }
}
