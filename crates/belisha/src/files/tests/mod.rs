//! What a school needs to trust of the files in its cases.

mod boxes;
mod imagery;
mod keeping;
mod scanning;
mod turning_away;

use axum::body::Body;
use axum::http::{Request, header};
use belisha_policy::{Post, Standing};

use crate::db::sql;
use crate::testing::{Client, Page, TestSchool};

/// A deputy who works on a case, and those who may not.
pub(crate) struct Cast {
    pub(crate) deputy: Client,
    pub(crate) lead: Client,
    pub(crate) head: Client,
    pub(crate) teacher: Client,
    pub(crate) technician: Client,
    /// The address of the case.
    pub(crate) case: String,
}

/// A case of bullying that was triaged.
pub(crate) async fn cast(app: &TestSchool) -> Cast {
    let mut cast = untriaged(app).await;
    triage(&mut cast.deputy, &cast.case, "conduct/bullying").await;
    cast
}

/// The same before the triage.
pub(crate) async fn untriaged(app: &TestSchool) -> Cast {
    let deputy = app
        .signed_in("Dora Deputy", &[Post::DeputyDesignatedSafeguardingLead])
        .await;
    let lead = app
        .signed_in("Lena Lead", &[Post::DesignatedSafeguardingLead])
        .await;
    let head = app.signed_in("Hazel Head", &[Post::Headteacher]).await;
    app.signed_in("Charles Chair", &[Post::ChairOfGovernors])
        .await;
    app.signed_in("Cora Coordinator", &[Post::OnlineSafetyCoordinator])
        .await;
    let technician = app.signed_in("Nils Network", &[Post::NetworkManager]).await;
    let mut teacher = app.signed_in("Tessa Teacher", &[]).await;
    app.person("Pip Pupil", Standing::Pupil, &[]).await;
    app.person("Quin Pupil", Standing::Pupil, &[]).await;
    report(
        &mut teacher,
        &[("Pip Pupil", "harmed"), ("Quin Pupil", "alleged")],
    )
    .await;
    let case = newest(app).await;
    Cast {
        deputy,
        lead,
        head,
        teacher,
        technician,
        case,
    }
}

pub(crate) async fn report(client: &mut Client, who: &[(&str, &str)]) {
    let form = client.get("/reports/new").await;
    let mut fields = vec![
        ("words", "Pip Pupil was called names by Quin Pupil."),
        ("when", "now"),
        ("place", "The library"),
        ("at-risk", "no"),
        ("told-lead", "no"),
        ("knows-how", "I saw it"),
    ];
    for (name, part) in who {
        fields.extend([("who", *name), ("part", *part), ("meant", "")]);
    }
    let checked = client.submit(&form, "Continue", &fields).await;
    client.submit(&checked, "Send the report", &[]).await;
}

pub(crate) async fn newest(app: &TestSchool) -> String {
    let mut records = app.school.database.read().await.expect("records");
    let row = sql("select id from incident order by opened_at desc, id")
        .one(&mut records)
        .await
        .expect("a case");
    format!("/incidents/{}", row.get::<String>("id").expect("an id"))
}

pub(crate) async fn triage(client: &mut Client, case: &str, category: &str) {
    let page = client.get(case).await;
    if page.has_button("Acknowledge: I have this") {
        client.submit(&page, "Acknowledge: I have this", &[]).await;
    }
    let form = client.get(&format!("{case}/triage")).await;
    let triaged = client
        .submit(
            &form,
            "Save the triage",
            &[
                ("category", category),
                ("child-at-risk", "no"),
                ("disturbing", "no"),
                ("imagery", "no"),
                ("outcome", "respond"),
                ("reason", "Two pupils fell out."),
            ],
        )
        .await;
    assert_eq!(triaged.path, case, "{}", triaged.text());
}

/// A form with a file, as a browser sends it.
pub(crate) fn multipart(fields: &[(&str, &str)], name: &str, file: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    for (field, value) in fields {
        body.extend_from_slice(
            format!(
                "--edge\r\ncontent-disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n"
            )
            .as_bytes(),
        );
    }
    body.extend_from_slice(
        format!(
            "--edge\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             content-type: application/octet-stream\r\n\r\n"
        )
        .as_bytes(),
    );
    body.extend_from_slice(file);
    body.extend_from_slice(b"\r\n--edge--\r\n");
    body
}

pub(crate) async fn send(client: &mut Client, url: &str, body: Vec<u8>) -> Page {
    let request = Request::post(url)
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge");
    client.send(request, Body::from(body)).await
}

/// Adds a file after the question; the answer as it comes.
pub(crate) async fn add(client: &mut Client, case: &str, name: &str, file: &[u8]) -> Page {
    add_as(client, case, name, file, &[]).await
}

pub(crate) async fn add_as(
    client: &mut Client,
    case: &str,
    name: &str,
    file: &[u8],
    more: &[(&str, &str)],
) -> Page {
    let question = client.get(&format!("{case}/files/question")).await;
    let form = client
        .submit(&question, "Continue", &[("undressed", "no")])
        .await;
    assert_eq!(form.path, format!("{case}/files/new"), "{}", form.text());
    let mut fields = vec![
        ("submission".to_owned(), form.field("submission")),
        ("undressed".to_owned(), "no".to_owned()),
        ("shows".to_owned(), "A message from Quin to Pip".to_owned()),
    ];
    fields.extend(
        more.iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
    );
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    send(client, &form.path.clone(), multipart(&fields, name, file)).await
}

/// A picture of these pixels.
pub(crate) fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_fn(width, height, |x, y| image::Rgb([x as u8, y as u8, 90]))
        .write_to(&mut bytes, image::ImageFormat::Png)
        .expect("a picture");
    bytes.into_inner()
}
