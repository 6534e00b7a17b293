//! Jobs that are run again: the same input, other settings; and what of it goes with which job.

use backends::jobs::Submitted;
use domain::{
    CsqEntries, DeletionId, Haplotypes, JobId, JobSettings, JobStatus, ResultsForm, Timestamp, Tracks, TranscriptSet,
};

use super::press;
use crate::deletions::{delete_job, deletion_of, done, everywhere::traces};
use crate::eventually;
use crate::people::{Answer, Person};
use crate::reach::{TURNS, reach};
use crate::upload::{SAMPLE, ended, post_to_s3, submit};

const ANNTOOLS: [(&str, &str); 4] = [
    ("reference", "auto"),
    ("form", "anntools"),
    ("fields", "everything"),
    ("entries", "pick"),
];

async fn rerun(person: &Person, of: JobId, settings: &[(&str, &str)]) -> JobId {
    let new_job = JobId::random();
    let id = new_job.to_string();
    let fields: Vec<(&str, &str)> = settings.iter().copied().chain([("new_job", &*id)]).collect();
    let answer = press(person, of, "again", &fields).await;
    assert_eq!(
        (answer.status.as_u16(), answer.location()),
        (303, &*format!("/annotations/{new_job}")),
        "{}",
        answer.body
    );
    new_job
}

async fn input(person: &Person, id: JobId) -> String {
    let link = person.get(&format!("/annotations/{id}/input")).await;
    assert_eq!(link.status, 302, "{}", link.body);
    Answer::of(person.browser.client.get(link.location()).send().await.unwrap())
        .await
        .body
}

async fn results(person: &Person, id: JobId) -> String {
    person.get(&format!("/annotations/{id}/plain")).await.body
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_file_is_annotated_once_more_with_other_settings() {
    let person = Person::new("again").await;
    let first = submit(&person, "sample.vcf", SAMPLE).await;
    ended(first).await;
    let second = rerun(&person, first, &ANNTOOLS).await;
    let (one, other) = (ended(first).await, ended(second).await);
    assert_eq!(other.status, JobStatus::Completed, "{:?}", other.error);
    assert_eq!(
        (&other.input_key, &other.input_version),
        (&one.input_key, &one.input_version)
    );
    let anntools = JobSettings {
        form: ResultsForm::AnnTools,
        ..JobSettings::default()
    };
    assert_eq!((one.settings, other.settings), (JobSettings::default(), anntools));
    let (modern, old) = (results(&person, first).await, results(&person, second).await);
    assert!(modern.contains("##INFO=<ID=CSQ,") && !old.contains("CSQ"), "{old}");
    assert!(
        person
            .get(&format!("/annotations/{second}"))
            .await
            .says("As AnnTools wrote them")
    );
    assert!(
        person
            .get(&format!("/annotations/{first}/log"))
            .await
            .says("Entries of CSQ: Every transcript")
    );
    assert!(person.get("/profile").await.says("in 2 jobs"));
    // Nothing was chosen: byte for byte the same.
    let third = rerun(&person, second, &[]).await;
    ended(third).await;
    assert_eq!(results(&person, third).await, modern);
}

#[tokio::test(flavor = "multi_thread")]
async fn results_that_are_in_the_vault_are_made_again_at_once_with_the_same_settings() {
    let (reach, person) = (reach().await, Person::new("at-once").await);
    let first = submit(&person, "sample.vcf", SAMPLE).await;
    ended(first).await;
    let second = rerun(&person, first, &ANNTOOLS).await;
    ended(second).await;
    let page = format!("/annotations/{second}");
    assert_eq!(
        person.get(&page).await.texts("#annotate-again-now").len(),
        0,
        "they are here"
    );
    let hours_ago = Timestamp::from_epoch_seconds(Timestamp::now().epoch_seconds() - 7200);
    reach.set_complete_time(second, hours_ago).await;
    let archived = person.get(&page).await;
    let form = "form:has(#annotate-again-now) input[type=hidden]";
    let names = archived.attributes(form, "name");
    let values = archived.attributes(form, "value");
    let fields: Vec<(&str, &str)> = names
        .iter()
        .zip(&values)
        .map(|(name, value)| (&**name, &**value))
        .collect();
    let answer = person.browser.post(&format!("{page}/again"), &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let third: JobId = answer.location().rsplit('/').next().unwrap().parse().unwrap();
    let told = ended(third).await;
    assert_eq!(
        (told.settings.form, told.stored.variants),
        (ResultsForm::AnnTools, None)
    );
    assert_eq!(person.get(&format!("/annotations/{third}/results")).await.status, 302);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_is_sent_twice_makes_one_job() {
    let person = Person::new("twice").await;
    let first = submit(&person, "sample.vcf", SAMPLE).await;
    ended(first).await;
    let page = person.get(&format!("/annotations/{first}")).await;
    let (token, new_job) = (
        page.csrf_token(),
        page.attributes("#again input[name=new_job]", "value").remove(0),
    );
    for _ in 0..2 {
        let fields = [
            ("csrf_token", &*token),
            ("new_job", &*new_job),
            ("entries", "flag_pick"),
        ];
        let answer = person
            .browser
            .post(&format!("/annotations/{first}/again"), &fields)
            .await;
        assert_eq!(answer.location(), format!("/annotations/{new_job}"));
    }
    let second = ended(new_job.parse().unwrap()).await;
    assert_eq!((second.attempt, second.settings.entries), (1, CsqEntries::FlagPick));
    assert!(results(&person, second.id).await.contains("|PICK"));
    assert_eq!(person.get("/annotations").await.texts("#jobs tbody tr").len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_input_stays_as_long_as_any_job_needs_it_and_goes_with_the_last() {
    let person = Person::new("shares").await;
    let first = submit(&person, "sample.vcf", SAMPLE).await;
    ended(first).await;
    let second = rerun(&person, first, &[]).await;
    ended(second).await;
    let record = done(deletion_of(&delete_job(&person, first).await)).await;
    assert_eq!(record.deleted.inputs, 0, "another job needs it");
    assert_eq!(input(&person, second).await, SAMPLE);
    let third = rerun(&person, second, &[]).await;
    assert_eq!(ended(third).await.status, JobStatus::Completed);
    done(deletion_of(&delete_job(&person, second).await)).await;
    assert_eq!(input(&person, third).await, SAMPLE);
    let record = done(deletion_of(&delete_job(&person, third).await)).await;
    assert_eq!(record.deleted.inputs, 1, "nobody needs it any more");
    let words = [first, second, third].map(|id| id.to_string());
    eventually("nothing to be left", || async {
        traces(&words).await.is_empty().then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_is_to_be_deleted_is_not_run_again() {
    let (reach, person) = (reach().await, Person::new("gone").await);
    let first = submit(&person, "sample.vcf", SAMPLE).await;
    let (job, user) = (ended(first).await, reach.user(&person.username).await);
    let rerun = async |id| {
        let settings = JobSettings::default();
        reach
            .jobs
            .rerun(id, &job, &user, settings, &TURNS, Timestamp::now())
            .await
            .unwrap()
    };
    let second = JobId::random();
    assert_eq!(rerun(second).await, Some(Submitted::Requested));
    assert_eq!(rerun(second).await, Some(Submitted::Before));
    reach
        .jobs
        .delete(user.id, first, DeletionId::random(), Timestamp::now())
        .await
        .unwrap();
    assert_eq!(rerun(JobId::random()).await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_are_chosen_with_the_upload_and_nonsense_is_the_default() {
    let person = Person::new("chooses").await;
    let mut form = crate::upload::filled_form(&person).await;
    for (name, value) in &mut form.fields {
        match name.as_str() {
            "x-amz-meta-entries" => "pick".clone_into(value),
            "x-amz-meta-haplotypes" => "phased".clone_into(value),
            "x-amz-meta-transcripts" => "ensembl".clone_into(value),
            "x-amz-meta-tracks" => "regions".clone_into(value),
            "x-amz-meta-fields" => "$(everything)".clone_into(value),
            _ => {}
        }
    }
    let stored = crate::upload::post_form(&person, &form, "sample.vcf", SAMPLE.into()).await;
    let submitted = person.get(stored.location()).await;
    let id: JobId = submitted.location().rsplit('/').next().unwrap().parse().unwrap();
    let expected = JobSettings {
        entries: CsqEntries::Pick,
        haplotypes: Haplotypes::Phased,
        transcripts: TranscriptSet::Ensembl,
        tracks: Tracks::REGIONS,
        ..JobSettings::default()
    };
    assert_eq!(ended(id).await.settings, expected);
    assert!(results(&person, id).await.contains("##INFO=<ID=HAPLOTYPE_CSQ,"));
    let page = person.get(&format!("/annotations/{id}")).await;
    for words in ["one for each record", "Ensembl and GENCODE", "Regions of the genome"] {
        assert!(page.says(words), "{words}");
    }
    assert_eq!(post_to_s3(&person, "plain.vcf", SAMPLE.into()).await.status, 303);
}
