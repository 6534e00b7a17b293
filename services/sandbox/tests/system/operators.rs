//! What operators see: metrics, alert rules and the dashboard, tried with a real Prometheus that scrapes the sandbox.

use std::collections::{BTreeMap, BTreeSet};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::people::Person;
use crate::upload::{SAMPLE, ended, submit};
use crate::{eventually, sandbox, skipped};

#[tokio::test(flavor = "multi_thread")]
async fn operators_are_told_of_queues_jobs_and_builds() {
    let admin = &sandbox().await.endpoints().admin;
    if sandbox().await.is_attached() {
        return skipped("operators_are_told_of_queues_jobs_and_builds: admin ports of containers are not published");
    }
    let scrape = |service: &'static str| async move {
        let answer = reqwest::get(format!("{}/metrics", admin[service])).await;
        answer.unwrap().text().await.unwrap()
    };
    for (service, line) in [
        ("web", "gas_database_connections_limit 16"),
        ("web", "gas_build_info{commit="),
        ("web", "process_open_fds "),
        ("annotator", r#"gas_queue_depth{queue="job_requests",state="visible"} "#),
        ("annotator", r#"gas_dead_letters{queue="job_requests"} "#),
        ("annotator", r#"gas_jobs_unfinished{state="pending"} "#),
        ("notifier", r#"gas_dead_letters{queue="job_results"} "#),
        ("notifier", r#"gas_mails_total{outcome="refused"} "#),
    ] {
        eventually(line, || async { scrape(service).await.contains(line).then_some(()) }).await;
    }
}

#[test]
fn every_alert_fires_when_it_should_and_is_quiet_when_it_should_be() {
    let Some(promtool) = installed("promtool") else {
        return skipped("alert rules: promtool is not installed (Debian: prometheus)");
    };
    for arguments in [
        ["check", "config", "prometheus.yml"],
        ["test", "rules", "alerts_test.yml"],
    ] {
        let told = Command::new(promtool)
            .args(arguments)
            .current_dir(docker("prometheus"))
            .output()
            .unwrap();
        assert!(
            told.status.success(),
            "{}",
            String::from_utf8_lossy(&[told.stdout, told.stderr].concat())
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_alerts_and_dashboard_ask_for_is_there() {
    let admin = &sandbox().await.endpoints().admin;
    if sandbox().await.is_attached() {
        return skipped("what_alerts_and_dashboard_ask_for_is_there: admin ports of containers are not published");
    }
    let Some(prometheus) = Prometheus::start(admin) else {
        return skipped(
            "dashboard and alert rules with live metrics: Prometheus is not installed (Debian: prometheus)",
        );
    };
    let person = Person::new("watched").await;
    ended(submit(&person, "watched.vcf", SAMPLE).await).await;
    for query in dashboard_queries() {
        let query = query.replace("$__rate_interval", "1m");
        eventually(&query, || async { prometheus.knows(&query).await.then_some(()) }).await;
    }
    let rules = eventually("the rules to be evaluated", || async {
        prometheus.evaluated_rules().await
    })
    .await;
    assert!(rules.len() > 10, "{rules:?}");
    for (name, rule) in &rules {
        assert_eq!(rule["health"], "ok", "{name}: {rule}");
    }
    let queries = rules.values().map(|rule| rule["query"].as_str().unwrap());
    for metric in queries.flat_map(metrics_of).collect::<BTreeSet<_>>() {
        eventually(metric, || async { prometheus.knows(metric).await.then_some(()) }).await;
    }
}

/// A Prometheus of this test's own.
struct Prometheus {
    child: Child,
    address: String,
    _folder: tempfile::TempDir,
}

impl Prometheus {
    /// Scrapes every service each second, with our alert rules; `None` if there is no Prometheus on this machine.
    fn start(admin: &BTreeMap<String, String>) -> Option<Self> {
        let program = installed("prometheus")?;
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("prometheus.yml");
        let jobs: Vec<Value> = admin
            .iter()
            .map(|(service, url)| {
                let target = url.trim_start_matches("http://");
                serde_json::json!({ "job_name": service, "static_configs": [{ "targets": [target] }] })
            })
            .collect();
        let settings = serde_json::json!({
            "global": { "scrape_interval": "1s", "evaluation_interval": "1s" },
            "rule_files": [docker("prometheus/alerts.yml")],
            "scrape_configs": jobs,
        });
        // JSON is YAML.
        std::fs::write(&config, settings.to_string()).unwrap();
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let child = Command::new(program)
            .arg(format!("--config.file={}", config.display()))
            .arg(format!("--storage.tsdb.path={}", folder.path().join("data").display()))
            .arg(format!("--web.listen-address={free}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Some(Self {
            child,
            address: format!("http://{free}"),
            _folder: folder,
        })
    }

    /// Whether a query is answered, and with something.
    async fn knows(&self, query: &str) -> bool {
        let Some(answer) = self.ask("query", &[("query", query)]).await else {
            return false;
        };
        assert_eq!(answer["status"], "success", "{query}: {answer}");
        answer["data"]["result"]
            .as_array()
            .is_some_and(|series| !series.is_empty())
    }

    /// Every alert rule by its name, once each has been evaluated.
    async fn evaluated_rules(&self) -> Option<BTreeMap<String, Value>> {
        let answer = self.ask("rules", &[]).await?;
        let groups = answer["data"]["groups"].as_array()?.clone();
        let rules = groups
            .iter()
            .flat_map(|group| group["rules"].as_array().unwrap().clone());
        let rules: BTreeMap<String, Value> = rules
            .map(|rule| (rule["name"].as_str().unwrap().to_owned(), rule))
            .collect();
        rules.values().all(|rule| rule["health"] != "unknown").then_some(rules)
    }

    async fn ask(&self, what: &str, parameters: &[(&str, &str)]) -> Option<Value> {
        let request = reqwest::Client::new().get(format!("{}/api/v1/{what}", self.address));
        request.query(parameters).send().await.ok()?.json().await.ok()
    }
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What every panel of the dashboard asks for.
fn dashboard_queries() -> Vec<String> {
    let text = std::fs::read_to_string(docker("grafana/dashboards/gas.json")).unwrap();
    let dashboard: Value = serde_json::from_str(&text).unwrap();
    let panels = dashboard["panels"].as_array().unwrap().iter();
    let targets = panels.filter_map(|panel| panel["targets"].as_array()).flatten();
    targets
        .map(|target| target["expr"].as_str().unwrap().to_owned())
        .collect()
}

/// The metrics of ours that a query names.
fn metrics_of(query: &str) -> impl Iterator<Item = &str> {
    let words = query.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
    words.filter(|word| word.starts_with("gas_") || word.starts_with("process_"))
}

fn docker(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../docker")
        .join(path)
        .canonicalize()
        .unwrap()
}

fn installed(program: &'static str) -> Option<&'static str> {
    let answers = Command::new(program).arg("--version").output().is_ok();
    answers.then_some(program)
}
