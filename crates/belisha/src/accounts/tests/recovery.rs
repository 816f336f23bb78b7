//! A forgotten password and the recovery kit.

use belisha_policy::{Post, Standing};
use belisha_vault::Kit;

use super::{change, type_in};
use crate::accounts::recovery::{self, RecoveryRefused};
use crate::clock::ForVault;
use crate::db::sql;
use crate::testing::{JUNIOR, TestSchool, on_each_engine};

/// Why the key of somebody is not recovered, as the console says it.
async fn refused(app: &TestSchool, whom: &str, kit: &Kit) -> String {
    match recovery::find(&app.school, whom).await {
        Ok(found) => match found.recover(&app.school, kit).await {
            Ok(_) => panic!("{whom} was recovered"),
            Err(refused) => refused.to_string(),
        },
        Err(refused) => refused.to_string(),
    }
}

#[test]
fn each_reason_not_to_recover_is_a_sentence_and_leaves_everything_as_it_was() {
    on_each_engine(JUNIOR, async |app: TestSchool| {
        let bob = app.person("Bob Finch", Standing::Staff, &[]).await;
        let cleo = app.person("Cleo Reed", Standing::Staff, &[]).await;
        app.keep_key_for_kit(cleo).await;
        let (kit, other) = (app.kit(), Kit::new(&mut ForVault(&*app.school.chance)));
        let before = app.journal().await;

        let unknown = refused(&app, "nobody@larkfield.example", &kit).await;
        assert!(unknown.contains("belisha account list"), "{unknown}");
        let no_key = refused(&app, &bob.to_string(), &kit).await;
        assert!(no_key.contains("was ever kept"), "{no_key}");
        let mixed = refused(&app, " Cleo.Reed@larkfield.example ", &other).await;
        let names = [
            kit.recipient().printed_name(),
            other.recipient().printed_name(),
        ];
        for name in &names {
            assert!(mixed.contains(name), "{mixed}");
        }
        assert_eq!(app.journal().await, before);
        assert_eq!(
            app.count("select count(*) as count from account_invitation")
                .await,
            0
        );

        change(
            &app,
            sql("update account set private_key_by_recovery = $2 where person = $1")
                .bind(cleo.to_string())
                .bind(b"not what was kept".as_slice()),
        )
        .await;
        let damaged = refused(&app, &cleo.to_string(), &kit).await;
        assert!(damaged.contains("does not open"), "{damaged}");
        change(
            &app,
            sql("update account set state = 'disabled' where person = $1").bind(cleo.to_string()),
        )
        .await;
        let closed = recovery::find(&app.school, &cleo.to_string()).await;
        assert!(matches!(closed, Err(RecoveryRefused::Over)));
    });
}

#[test]
fn a_recovered_code_lasts_an_hour_and_the_old_password_works_until_it_is_used() {
    on_each_engine(JUNIOR, async |app: TestSchool| {
        let bob = app
            .person("Bob Finch", Standing::Staff, &[Post::NetworkManager])
            .await;
        app.keep_key_for_kit(bob).await;
        let found = recovery::find(&app.school, &bob.to_string()).await.ok();
        let recovered = found
            .expect("an account")
            .recover(&app.school, &app.kit())
            .await;
        let recovered = recovered.expect("a code");
        assert_eq!(recovered.lasts, "one hour");
        assert_eq!(app.journal().await.last().unwrap(), "account.key-recovered");
        let told = app
            .count("select count(*) as count from notice where kind = 'account-changed' and urgent")
            .await;
        assert_eq!(told, 1);
        let page = type_in(&mut app.nobody(), "Bob Finch", crate::testing::PASSWORD).await;
        assert_eq!(page.heading(), "Your second factor");

        app.clock.advance_ms(60 * 60 * 1000);
        let mut browser = app.nobody();
        let page = browser.get("/invitation").await;
        let page = browser
            .submit(
                &page,
                "Continue",
                &[
                    ("code", &recovered.code.shown()),
                    ("new_password", "tram lemon quiet seven"),
                ],
            )
            .await;
        assert!(page.errors()[0].contains("does not work any longer"));
    });
}
