//! The pages in a real browser, with and without scripts.
//!
//! Pictures of every page are in `target/screenshots` afterwards: wide, middling and narrow, light and dark.

mod administration;
mod archived;
mod chrome;
mod first_look;
mod handling;
mod identity;
mod interrupted;
mod looks;
mod mails;
mod paying;
mod states;
mod turns;
mod variants;
mod visitor;
mod webhooks;

use tokio::sync::Mutex;

use crate::answers::CODING;
use crate::downloads::BCF;
use crate::people::{PASSWORD, Person, confirmation_link};
use crate::upload::{SAMPLE, long_vcf};
use visitor::{Visitor, file};

const CHROMOSOME_22: &str = "##fileformat=VCFv4.3\n\
    #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n\
    22\t16050075\t.\tA\tG\t.\tPASS\t.\n";

/// One Chromium at a time is enough for two cores.
static CHROMIUM: Mutex<()> = Mutex::const_new(());

#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_goes_from_registration_to_the_result() {
    let _alone = CHROMIUM.lock().await;
    let Some(visitor) = Visitor::arrive().await else { return };
    let username = format!("grace-{}", &uuid::Uuid::new_v4().simple().to_string()[..8]);
    visitor.open("/").await;
    visitor.looks_at("home-signed-out").await;
    register(&visitor, &username).await;
    sign_in(&visitor, &username).await;
    visitor.open("/").await;
    visitor.looks_at("home").await;
    visitor.open("/annotations").await;
    visitor.reads("Nothing here yet").await;
    visitor.looks_at("annotations-empty").await;
    see_a_large_file_refused(&visitor).await;
    annotate(&visitor).await;
    read_the_log(&visitor).await;
    see_a_job_fail(&visitor).await;
    see_an_answer_without_codons(&visitor).await;
    annotate_bcf(&visitor).await;
    see_the_list(&visitor).await;
    see_errors(&visitor).await;
    see_what_is_kept(&visitor).await;
    delete_a_job(&visitor).await;
    see_the_account_and_leave(&visitor).await;
    visitor.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_works_without_scripts() {
    let _alone = CHROMIUM.lock().await;
    let Some(visitor) = Visitor::arrive().await else { return };
    let person = Person::new("no-script").await;
    visitor.turn_scripts_off().await;
    visitor.opens_as("/annotate", &person.username).await;
    visitor.reads("Your browser runs no JavaScript").await;
    visitor.choose(&file("plain form.vcf", SAMPLE)).await;
    visitor.press("#upload-button").await;
    visitor.reads("plain form.vcf").await;
    assert!(visitor.is_at("/annotations/").await);
    visitor.reloads_until("Complete Time").await;
    assert_eq!(visitor.texts("main h1").await, ["plain form.vcf"]);
    // Until when is told in UTC where no script knows the reader's own time.
    visitor.reads(" UTC, ").await;
    visitor.reads(" min left").await;
    visitor.press(".account-button").await;
    visitor.press("#account-menu button").await;
    visitor.reads("You are logged out").await;
    visitor.leave().await;
}

async fn register(visitor: &Visitor, username: &str) {
    let email = format!("{username}@example.org");
    visitor.open("/register").await;
    visitor.looks_at("register").await;
    visitor
        .fill(&[
            ("name", "Grace Hopper"),
            ("username", "grace hopper"),
            ("email", &email),
            ("password", PASSWORD),
        ])
        .await;
    visitor.press("#terms").await;
    visitor.press("main button[type=submit]").await;
    visitor.reads("One field needs another look").await;
    visitor.looks_at("register-errors").await;
    visitor.fill(&[("username", username), ("password", PASSWORD)]).await;
    visitor.press("#terms").await;
    visitor.press("main button[type=submit]").await;
    visitor.reads("Check your e-mail").await;
    visitor.looks_at("register-sent").await;
    let link = confirmation_link(&email).await;
    visitor.open(&link).await;
    visitor.reads("enter the password that you chose").await;
    visitor.looks_at("confirm").await;
    visitor.fill(&[("password", "not the password")]).await;
    visitor.press("#confirm").await;
    visitor.reads("This is not the password").await;
    visitor.looks_at("confirm-wrong").await;
    visitor.fill(&[("password", PASSWORD)]).await;
    visitor.press("#confirm").await;
    visitor.reads("Your account is ready").await;
    visitor.looks_at("confirmed").await;
    visitor.open(&link).await;
    visitor.reads("confirmed already").await;
    visitor.looks_at("confirm-again").await;
    visitor.open("/confirm/no-such-token").await;
    visitor.looks_at("confirm-unknown").await;
}

async fn sign_in(visitor: &Visitor, username: &str) {
    visitor.open("/annotate").await;
    assert!(visitor.is_at("/login").await);
    visitor.looks_at("login").await;
    visitor
        .fill(&[("username", username), ("password", "not the password")])
        .await;
    visitor.press("main button[type=submit]").await;
    visitor.reads("The name or the password is wrong").await;
    visitor.looks_at("login-error").await;
    visitor.fill(&[("username", username), ("password", PASSWORD)]).await;
    visitor.press("main button[type=submit]").await;
    visitor.reads("Annotate a VCF file").await;
    assert!(
        visitor.is_at("/annotate").await,
        "sign-in leads back to the page asked for"
    );
}

async fn see_a_large_file_refused(visitor: &Visitor) {
    visitor.open("/annotate").await;
    visitor.looks_at("annotate").await;
    visitor.choose(&file("large.vcf", long_vcf(153_601))).await;
    visitor.reads("This file is too large for the Free plan").await;
    assert!(!visitor.is_enabled("#upload-button").await);
    visitor.looks_at("annotate-too-large").await;
}

async fn annotate(visitor: &Visitor) {
    // A driver adds files where several may be chosen (WebDriver, Element Send Keys); a person replaces them.
    visitor.open("/annotate").await;
    visitor.choose(&file("a sample.vcf", SAMPLE)).await;
    visitor.reads("19 records").await;
    visitor.reads("Chromosome MT").await;
    visitor.reads("Genome: human mitochondrion (rCRS)").await;
    visitor.looks_at("annotate-checked").await;
    visitor.press("#upload-button").await;
    visitor.reads("a sample.vcf").await;
    assert!(visitor.is_at("/annotations/").await);
    // Nobody reloads: the page follows the job by itself.
    visitor.reads("Complete Time").await;
    visitor.reads(" (your time), ").await;
    visitor.reads(" min left").await;
    let titles = visitor.texts("main h2").await;
    assert_eq!(titles, ["Results", "What was found", "Details"]);
    visitor.looks_at("annotation").await;
}

/// Nobody looks into a file of BCF before the service does.
async fn annotate_bcf(visitor: &Visitor) {
    visitor.open("/annotate").await;
    visitor.choose(&file("a sample.bcf", BCF)).await;
    visitor.reads("This is a BCF file").await;
    visitor.press("#upload-button").await;
    visitor.reads("a sample.bcf").await;
    visitor.reads("Complete Time").await;
}

async fn read_the_log(visitor: &Visitor) {
    visitor.press("main a[href$='/log']").await;
    visitor.reads("Annotation log").await;
    visitor.looks_at("log").await;
}

async fn see_a_job_fail(visitor: &Visitor) {
    // While references are being prepared, a file whose genome cannot be told would wait for them.
    crate::references().await;
    visitor.open("/annotate").await;
    visitor.choose(&file("chromosome 22.vcf", CHROMOSOME_22)).await;
    visitor.reads("Chromosome 22").await;
    visitor.looks_at("annotate-checked").await;
    visitor.press("#upload-button").await;
    visitor.reads("This file could not be annotated").await;
    visitor.looks_at("annotation-failed").await;
}

/// Skipped, aloud, where the references could not be prepared: the file cannot be annotated then.
async fn see_an_answer_without_codons(visitor: &Visitor) {
    if !crate::references().await {
        crate::skipped("the page of a job without codons: the references could not be prepared");
        return;
    }
    visitor.open("/annotate").await;
    visitor.choose(&file("coding.vcf", CODING)).await;
    visitor.reads("2 records").await;
    visitor.press("#upload-button").await;
    visitor.reads("Annotated without codons").await;
    visitor.reads("dbSNP, common").await;
    visitor.looks_at("annotation-without-codons").await;
}

async fn see_the_list(visitor: &Visitor) {
    visitor.press("a[href='/annotations']").await;
    visitor.reads("a sample.vcf").await;
    let names = visitor.texts("main tbody td:nth-child(3)").await;
    let states = visitor.texts("main tbody td:nth-child(4)").await;
    // Each name has the size of its file beside it.
    let last: Vec<_> = names
        .iter()
        .rev()
        .take(2)
        .filter_map(|cell| cell.split_once(".vcf "))
        .collect();
    assert_eq!(
        last.iter().map(|(name, _)| *name).collect::<Vec<_>>(),
        ["a sample", "chromosome 22"]
    );
    assert!(
        last.iter()
            .all(|(_, size)| size.ends_with("KB") || size.ends_with("bytes")),
        "{names:?}"
    );
    assert!(states.ends_with(&["Failed".to_owned(), "Completed".to_owned()]));
    visitor.looks_at("annotations").await;
    visitor.fits("annotations", &[400, 600, 769, 880, 959, 961, 1100]).await;
    // The name of the file is what one follows to its job.
    visitor.press("#jobs tbody tr:last-child td.name a").await;
    visitor.reads("Submitted by").await;
}

async fn see_what_is_kept(visitor: &Visitor) {
    for (path, words, page) in [
        ("/data", "A genome says who somebody is", "data"),
        ("/terms", "For research, not for diagnosis", "terms"),
        ("/profile/delete", "Nobody can bring any of it back", "delete-account"),
    ] {
        visitor.open(path).await;
        visitor.reads(words).await;
        visitor.looks_at(page).await;
    }
}

async fn delete_a_job(visitor: &Visitor) {
    visitor.open("/annotations").await;
    visitor.press("#jobs tbody a").await;
    visitor.press("#delete summary").await;
    visitor.looks_at("job-delete").await;
    visitor.press("#delete-job").await;
    visitor.reads("The job is deleted.").await;
    visitor.looks_at("job-deleted").await;
    visitor.press(".notice a").await;
    visitor.reads("Deletion of a job").await;
    visitor.looks_at("deletion").await;
}

async fn see_errors(visitor: &Visitor) {
    visitor.open("/annotations/00000000-0000-4000-8000-000000000000").await;
    visitor.reads("Not authorized to view this job").await;
    visitor.looks_at("error-403").await;
    visitor.open("/no-such-page").await;
    visitor.looks_at("error-404").await;
}

async fn see_the_account_and_leave(visitor: &Visitor) {
    visitor.press(".account-button").await;
    visitor.looks_at("account-menu").await;
    visitor.press("#account-menu a[href='/profile']").await;
    visitor.reads("Grace Hopper").await;
    visitor.looks_at("profile").await;
    visitor.press(".account-button").await;
    visitor.press("#account-menu button").await;
    visitor.reads("You are logged out").await;
    visitor.open("/annotations").await;
    assert!(visitor.is_at("/login").await);
}
