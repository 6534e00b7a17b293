//! Lists of jobs that are searched, filtered and sorted.

use backends::jobs::Asked;
use domain::{JobFilter, JobName, JobOrder};

use super::{press, waiting};
use crate::people::{Answer, Person};
use crate::reach::reach;

fn titles(list: &Answer) -> Vec<String> {
    list.texts("#jobs td.name a")
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_are_found_by_name_file_and_status_and_sorted_and_the_address_carries_it() {
    let (reach, person) = (reach().await, Person::new("looks").await);
    let user = reach.user(&person.username).await;
    let mut ids = Vec::new();
    for (seconds, file) in (0..).zip(["b.vcf", "a.vcf", "Exome.vcf"]) {
        ids.push(waiting(&reach, &person, file, seconds).await);
    }
    let name = JobName::parse("Zebra").unwrap();
    reach.jobs.describe(user.id, ids[1], Some(&name), None).await.unwrap();
    assert_eq!(press(&person, ids[0], "cancel", &[]).await.status, 303);
    let shows = async |query: &str| titles(&person.get(&format!("/annotations?{query}")).await);
    assert_eq!(shows("").await, ["Exome.vcf", "Zebra", "b.vcf"]);
    assert_eq!(shows("sort=oldest").await, ["b.vcf", "Zebra", "Exome.vcf"]);
    assert_eq!(shows("sort=name").await, ["b.vcf", "Exome.vcf", "Zebra"]);
    assert_eq!(
        shows("sort=status").await.last().unwrap(),
        "b.vcf",
        "what was cancelled is last"
    );
    assert_eq!(shows("q=exome").await, ["Exome.vcf"]);
    assert_eq!(
        shows("q=zeb+a.vcf").await,
        ["Zebra"],
        "one word by its name, one by its file"
    );
    assert_eq!(shows("status=CANCELLED").await, ["b.vcf"]);
    assert_eq!(shows("q=vcf&status=PENDING&sort=oldest").await, ["Zebra", "Exome.vcf"]);
    let none = person.get("/annotations?q=%3Cscript%3E").await;
    assert!(none.says("No annotation of yours is like that.") && !none.body.contains("<script>\""));
    assert_eq!(none.attributes("#q", "value"), ["<script>"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_job_is_on_one_page_in_any_order() {
    let (reach, person) = (reach().await, Person::new("pages").await);
    for number in 0..45 {
        waiting(&reach, &person, &format!("file-{:02}.vcf", number * 7 % 45), number).await;
    }
    let mut expected: Vec<String> = (0..45).map(|number| format!("file-{number:02}.vcf")).collect();
    for query in [
        "",
        "sort=oldest",
        "sort=name",
        "sort=status",
        "q=file&status=PENDING",
        "q=FILE&sort=name",
    ] {
        let (mut found, mut address) = (Vec::new(), Some(format!("/annotations?{query}")));
        let mut pages = 0;
        while let Some(page) = address {
            let list = person.get(&page).await;
            found.extend(titles(&list));
            address = list.attributes("a[rel=next]", "href").pop();
            pages += 1;
        }
        if query.contains("name") {
            assert_eq!(found, expected, "{query}");
        }
        found.sort();
        expected.sort();
        assert_eq!((found.len(), pages), (45, 3), "{query}");
        assert_eq!(found, expected, "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_that_ends_early_goes_on_where_it_was() {
    let (reach, person) = (reach().await, Person::new("goes-on").await);
    let user = reach.user(&person.username).await;
    for number in 0..6 {
        let file = ["even.vcf", "odd.vcf"][usize::try_from(number % 2).unwrap()];
        waiting(&reach, &person, file, number).await;
    }
    let asked = Asked {
        filter: JobFilter::from_untrusted("odd", ""),
        order: JobOrder::Newest,
    };
    let (mut after, mut found) = (None, 0);
    loop {
        let page = reach.jobs.listed(user.id, &asked, 2, after).await.unwrap();
        assert!(page.looked_until.is_none(), "there are few jobs");
        found += page.jobs.len();
        match page.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    assert_eq!(found, 3);
}
