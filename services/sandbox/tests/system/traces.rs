//! What a collector of traces is told. Skipped aloud where the system is not ours to configure.

use crate::collector::{Span, spans};
use crate::people::Person;
use crate::upload::{SAMPLE, ended, submit};
use crate::{eventually, sandbox, skipped};

/// Whether the services tell the collector of this test run.
async fn is_told(test: &str) -> bool {
    let is = !sandbox().await.is_attached();
    if !is {
        skipped(&format!("{test}: the services in containers tell another collector"));
    }
    is
}

#[tokio::test(flavor = "multi_thread")]
async fn one_trace_goes_from_the_upload_through_every_service_to_the_mail() {
    if !is_told("one_trace_goes_from_the_upload_through_every_service_to_the_mail").await {
        return;
    }
    without_delay("job_archive").await;
    let person = Person::new("traced").await;
    let id = submit(&person, "traced.vcf", SAMPLE).await;
    ended(id).await;
    let submission = eventually("the request that submitted the job", || async {
        let is_of_job = |span: &Span| span.attributes.get("job.id") == Some(&id.to_string());
        let is_it = |span: &Span| span.name == "GET /annotate/job" && is_of_job(span);
        spans().into_iter().find(is_it)
    })
    .await;
    // Each is the child of the one before. What is logged on the way is told with it.
    let mut last = submission.clone();
    for (service, name) in [
        ("web", "publish job_requests"),
        ("annotator", "process job_requests"),
        ("annotator", "publish job_results"),
        ("notifier", "process job_results"),
    ] {
        let found = eventually(name, || async {
            let is_next = |span: &Span| span.parent == last.id && span.name == name;
            spans().into_iter().find(is_next)
        })
        .await;
        assert_eq!((found.service.as_str(), &found.trace), (service, &submission.trace));
        last = found;
    }
    assert_eq!(last.attributes["messaging.system"], "aws_sqs");
    assert_eq!(last.attributes["messaging.destination.name"], "job_results");
    let publication = last.parent.clone();
    let archived = eventually("process job_archive", || async {
        let is_it = |span: &Span| span.parent == publication && span.name == "process job_archive";
        spans().into_iter().find(is_it)
    })
    .await;
    assert_eq!(
        (archived.service.as_str(), &archived.trace),
        ("archiver", &submission.trace)
    );
    let trace: Vec<Span> = spans()
        .into_iter()
        .filter(|span| span.trace == submission.trace)
        .collect();
    assert!(
        trace
            .iter()
            .any(|span| span.name == "DynamoDB.TransactWriteItems" && span.service == "web"),
        "{trace:#?}"
    );
    assert!(
        trace
            .iter()
            .any(|span| span.name == "S3.GetObject" && span.service == "annotator"),
        "{trace:#?}"
    );
    assert!(
        trace
            .iter()
            .any(|span| span.events.iter().any(|event| event.starts_with("Annotated "))),
        "{trace:#?}"
    );
    let told = format!("{trace:?}");
    for personal in [&person.username, &person.email, "traced.vcf", "127.0.0.1"] {
        assert!(!told.contains(personal), "{personal}: {told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_strangers_trace_is_not_gone_on_with() {
    if !is_told("a_strangers_trace_is_not_gone_on_with").await {
        return;
    }
    let person = Person::new("stranger").await;
    let trace = "0af7651916cd43dd8448eb211c80319c";
    let asked = person.browser.client.get(person.browser.address("/profile"));
    let answer = asked
        .header("traceparent", format!("00-{trace}-b7ad6b7169203331-01"))
        .send()
        .await;
    let request = answer.unwrap().headers()["x-request-id"].to_str().unwrap().to_owned();
    let span = eventually("the request's span", || async {
        let is_it = |span: &Span| span.attributes.get("request.id") == Some(&request);
        spans().into_iter().find(is_it)
    })
    .await;
    assert_eq!((span.name.as_str(), span.parent.len()), ("GET /profile", 0));
    assert_eq!(span.attributes["http.response.status_code"], "200");
    let hexadecimal: String = span.trace.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_ne!(hexadecimal, trace);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_load_balancers_ask_for_is_not_traced() {
    if !is_told("what_load_balancers_ask_for_is_not_traced").await {
        return;
    }
    let person = Person::new("balancer").await;
    for path in ["/healthz", "/static/app.css", "/profile"] {
        assert_eq!(person.get(path).await.status, 200);
    }
    // Spans of one service arrive in order: what came before the last is there, or never comes.
    eventually("the page's span", || async {
        spans().into_iter().find(|span| span.name == "GET /profile")
    })
    .await;
    let names: Vec<String> = spans().into_iter().map(|span| span.name).collect();
    assert!(
        !names
            .iter()
            .any(|name| name.contains("healthz") || name.contains("static")),
        "{names:?}"
    );
}

/// Has a queue deliver at once what it holds back in production.
async fn without_delay(queue: &str) {
    let sqs = aws_sdk_sqs::Client::new(&sandbox().await.aws_config().await);
    let url = sqs
        .get_queue_url()
        .queue_name(queue)
        .send()
        .await
        .unwrap()
        .queue_url
        .unwrap();
    let request = sqs.set_queue_attributes().queue_url(url);
    let at_once = request.attributes(aws_sdk_sqs::types::QueueAttributeName::DelaySeconds, "0");
    at_once.send().await.unwrap();
}
