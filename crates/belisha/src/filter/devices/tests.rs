//! What a school needs to trust of its register of devices: it is what the resolver reads, only those who
//! manage the filter write it, and a file says first what it would do.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use belisha_filter::resolver::Register;
use belisha_policy::Post;

use crate::filter::{set_now, settings};
use crate::testing::{Client, JUNIOR, Page, TestSchool, on_each_engine};

async fn technician(app: &TestSchool) -> Client {
    app.signed_in("Nils Network", &[Post::NetworkManager]).await
}

/// What the resolver reads.
async fn register(app: &TestSchool) -> Register {
    set_now(&app.school).await.expect("the turn");
    let file = settings::register_file(&app.school);
    Register::parse(&std::fs::read_to_string(file).expect("a register")).expect("readable")
}

async fn add(client: &mut Client, fields: &[(&str, &str)]) -> Page {
    let form = client.get("/filter/devices/new").await;
    client.submit(&form, "Add the device", fields).await
}

const LAPTOP: &[(&str, &str)] = &[
    ("name", "laptop-17"),
    ("hardware", "AA-BB-CC-00-11-22"),
    ("group", "staff"),
    ("site", " Infants’  block "),
];

/// Sends a file as a browser does.
async fn send_file(client: &mut Client, file: &str) -> Page {
    let body = format!(
        "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"devices.csv\"\r\n\
         Content-Type: text/csv\r\n\r\n{file}\r\n--edge--\r\n"
    );
    let request = Request::builder()
        .method("POST")
        .uri("/filter/devices/file")
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge");
    client.send(request, Body::from(body)).await
}

#[test]
fn a_device_is_written_down_changed_and_taken_out_of_use_and_the_resolver_knows_it() {
    on_each_engine(JUNIOR, async |app| {
        let mut technician = technician(&app).await;
        let mut coordinator = app
            .signed_in("Cora Coordinator", &[Post::OnlineSafetyCoordinator])
            .await;
        technician
            .get("/filter/devices")
            .await
            .says("No device is written down yet");
        let listed = add(&mut technician, LAPTOP).await;
        listed
            .says("laptop-17")
            .says("aa:bb:cc:00:11:22")
            .says("Infants’ block");
        let made = register(&app).await;
        assert_eq!(made.devices.len(), 1);
        let device = &made.devices[0];
        assert_eq!(
            (
                device.group.as_str(),
                device.id.as_deref(),
                device.hardware.as_deref()
            ),
            ("staff", Some("laptop-17"), Some("aa:bb:cc:00:11:22"))
        );
        // Another of the same name or hardware address is none.
        let again = add(&mut technician, LAPTOP).await;
        assert_eq!(
            again.errors(),
            ["There is a device called laptop-17 already"]
        );
        let nothing = add(
            &mut technician,
            &[("name", "Anna’s laptop"), ("group", "none")],
        )
        .await;
        assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(nothing.errors().len(), 2);
        assert_eq!(nothing.field_value("name"), "Anna’s laptop");
        let unknowable = add(&mut technician, &[("name", "x-1"), ("group", "staff")]).await;
        unknowable.says("the filter knows it by one of them");
        // A network, by its range.
        let network = [
            ("name", "block-b"),
            ("address", "10.3.4.5/16"),
            ("group", "guests"),
        ];
        add(&mut technician, &network).await.says("10.3.0.0/16");
        assert_eq!(register(&app).await.ranges[0].range, "10.3.0.0/16");
        // It changes, gets a path of its own, and keeps its place.
        let page = technician.get("/filter/devices").await;
        let url = page.link("laptop-17");
        let form = technician.get(&url).await;
        assert_eq!(form.field_value("hardware"), "aa:bb:cc:00:11:22");
        let changed = [("group", "pupils"), ("private", "yes")];
        technician
            .submit(&form, "Save the change", &changed)
            .await
            .says("a path of its own");
        let made = register(&app).await;
        let device = &made.devices[0];
        assert_eq!(device.group, "pupils");
        let token = device.token.clone().expect("a token");
        let form = technician.get(&url).await;
        form.says(&token);
        technician
            .submit(&form, "Save the change", &[("group", "staff")])
            .await;
        assert_eq!(
            register(&app).await.devices[0].token,
            Some(token),
            "a path stays the same"
        );
        // Others read it and write nothing.
        let page = coordinator.get("/filter/devices").await;
        page.says("laptop-17");
        assert!(!page.has_link("laptop-17") && !page.has_link("Add a device"));
        for path in [
            "/filter/devices/new",
            "/filter/devices/rows",
            "/filter/devices/file",
            &url,
        ] {
            assert_eq!(
                coordinator.get(path).await.status,
                StatusCode::FORBIDDEN,
                "{path}"
            );
        }
        // Out of use, once, with a reason.
        let form = technician.get(&format!("{url}/retirement")).await;
        let bare = technician.submit(&form, "Take it out of use", &[]).await;
        assert_eq!(bare.errors(), ["Say why it is taken out of use"]);
        let gone = [("reason", "Lost on a trip")];
        let list = technician.submit(&form, "Take it out of use", &gone).await;
        assert!(!list.text().contains("laptop-17"));
        assert!(register(&app).await.devices.is_empty());
        for path in [url.clone(), format!("{url}/retirement")] {
            assert_eq!(technician.get(&path).await.status, StatusCode::NOT_FOUND);
        }
        // Its name is free again, and what was written down of it stays.
        add(&mut technician, LAPTOP).await.says("laptop-17");
        let rows = "select count(*) as count from filter_device";
        assert_eq!(app.count(rows).await, 5);
        let journal = app.journal().await;
        for kind in [
            "filter-device.added",
            "filter-device.changed",
            "filter-device.retired",
        ] {
            assert!(journal.iter().any(|found| found == kind), "{kind}");
        }
    });
}

#[test]
fn a_post_that_the_policy_does_not_name_changes_no_device() {
    on_each_engine(JUNIOR, async |app| {
        // The head's rights would do; the policy gives the status to the network manager.
        let mut head = app.signed_in("Hazel Head", &[Post::Headteacher]).await;
        let refused = head.get("/filter/devices/new").await;
        refused.says("web filtering management status");
        let sent = head.post_only("/filter/devices/new", LAPTOP).await;
        assert_ne!(sent.status, StatusCode::SEE_OTHER);
        assert_eq!(
            app.count("select count(*) as count from filter_device")
                .await,
            0
        );
    });
}

#[test]
fn a_register_that_somebody_wrote_by_hand_stays_until_the_school_writes_a_device_down() {
    on_each_engine(JUNIOR, async |app| {
        let mut technician = technician(&app).await;
        let file = settings::register_file(&app.school);
        std::fs::create_dir_all(settings::folder(&app.school)).expect("a folder");
        std::fs::write(&file, "# mine\n").expect("written");
        set_now(&app.school).await.expect("the turn");
        assert_eq!(
            std::fs::read_to_string(&file).expect("readable"),
            "# mine\n"
        );
        add(&mut technician, LAPTOP).await;
        assert_eq!(register(&app).await.devices.len(), 1);
    });
}

#[test]
fn a_file_of_devices_says_first_what_each_row_would_do_and_then_does_it_once() {
    on_each_engine(JUNIOR, async |app| {
        let mut technician = technician(&app).await;
        app.person("Tessa Teacher", belisha_policy::Standing::Staff, &[])
            .await;
        add(&mut technician, LAPTOP).await;
        let file = "Device name;MAC;IP address;Group;Held by;Colour\n\
                    ipad-1;aa:bb:cc:00:11:23;;pupils;tessa  teacher;red\n\
                    laptop-17;aabb.cc00.1122;;pupils;;\n\
                    ipad-2;aa:bb:cc:00:11:23;;pupils;;\n\
                    ipad-3;;10.2.0.300;nobody;;\n\
                    ipad-4;;10.2.0.4;guests;Somebody Else;\n";
        let page = send_file(&mut technician, file).await;
        page.says("3 rows cannot be used")
            .says("Not read: Colour.")
            .says("Will be added")
            .says("Will change")
            .says("An earlier row has this hardware address")
            .says("Choose a group: ")
            .says("Nobody, or more than one person");
        assert_eq!(
            app.count("select count(*) as count from filter_device")
                .await,
            1
        );
        // Other rows than those that were looked at are looked at first.
        let other = "name,address,group\nipad-9,10.2.0.9,pupils\n";
        let shown = technician
            .submit(&page, "Write these 2 devices down", &[("rows", other)])
            .await;
        shown.says("Will be added");
        assert_eq!(
            app.count("select count(*) as count from filter_device")
                .await,
            1
        );
        let list = technician
            .submit(&page, "Write these 2 devices down", &[])
            .await;
        list.says("ipad-1").says("Tessa Teacher");
        let made = register(&app).await;
        let groups: Vec<_> = made
            .devices
            .iter()
            .map(|device| {
                (
                    device.id.as_deref().unwrap_or_default(),
                    device.group.as_str(),
                )
            })
            .collect();
        assert_eq!(groups, [("ipad-1", "pupils"), ("laptop-17", "pupils")]);
        // Sent twice, it is done once.
        technician
            .submit(&page, "Write these 2 devices down", &[])
            .await;
        let rows = "select count(*) as count from filter_device";
        assert_eq!(app.count(rows).await, 3);
        let same = send_file(&mut technician, file).await;
        same.says("Stays as it is")
            .says("No row would write anything down");
        send_file(&mut technician, "").await.says("Choose a file");
        send_file(&mut technician, "colour,size\nred,1\n")
            .await
            .says("No column is called “name”");
    });
}
