//! The protection, against a small agent that answers as ECS's does.

use std::sync::Mutex;

use super::*;
use tokio::net::TcpListener;
use warp::{Filter, Reply};

/// What the agent was told, in order; and whether it refuses or hangs.
#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<serde_json::Value>>>);

impl Told {
    async fn becomes(&self, wanted: &[serde_json::Value]) {
        let deadline = Instant::now() + Duration::from_secs(10);
        while *self.0.lock().unwrap() != wanted {
            assert!(Instant::now() < deadline, "{:?}", self.0.lock().unwrap());
            sleep(Duration::from_millis(5)).await;
        }
    }
}

async fn agent<R: Reply + 'static>(
    answer: impl Fn() -> R + Clone + Send + Sync + 'static,
) -> (Told, ProtectionSettings) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let uri = format!("http://{}/api/0a1b", listener.local_addr().unwrap());
    let told = Told::default();
    let noted = told.clone();
    let state = warp::path!("api" / "0a1b" / "task-protection" / "v1" / "state")
        .and(warp::put())
        .and(warp::body::json())
        .map(move |body| {
            noted.0.lock().unwrap().push(body);
            answer()
        });
    tokio::spawn(warp::serve(state).incoming(listener).run());
    (
        told,
        ProtectionSettings {
            ecs_agent_uri: Some(uri),
        },
    )
}

fn on() -> serde_json::Value {
    serde_json::json!({"ProtectionEnabled": true, "ExpiresInMinutes": 30})
}

fn off() -> serde_json::Value {
    serde_json::json!({"ProtectionEnabled": false})
}

const AGREES: &str = r#"{"protection": {"ProtectionEnabled": true, "TaskArn": "arn:aws:ecs:x:1:task/t"}}"#;
const REFUSES: &str = r#"{"failure": {"Arn": "arn:aws:ecs:x:1:task/t", "Reason": "TASK_NOT_VALID"}}"#;

#[tokio::test]
async fn a_task_is_protected_while_anybody_holds_it() {
    let (told, settings) = agent(|| AGREES).await;
    let protection = Protection::of(&settings);
    let first = protection.hold().await;
    told.becomes(&[on()]).await;
    let second = protection.clone().hold().await;
    drop(first);
    told.becomes(&[on()]).await;
    drop(second);
    told.becomes(&[on(), off()]).await;
}

#[tokio::test]
async fn protection_is_renewed_while_it_is_held() {
    let (told, settings) = agent(|| AGREES).await;
    let shared = Arc::new(Shared {
        holders: AtomicUsize::new(1),
        changed: Notify::new(),
        settled: watch::Sender::new(false),
    });
    let agent = Agent::new(settings.ecs_agent_uri.as_deref().unwrap());
    let keeping = tokio::spawn(keep(agent, shared, Duration::from_millis(50)));
    let deadline = Instant::now() + Duration::from_secs(10);
    while told.0.lock().unwrap().len() < 3 {
        assert!(Instant::now() < deadline);
        sleep(Duration::from_millis(5)).await;
    }
    keeping.abort();
}

#[tokio::test]
async fn work_goes_on_when_the_agent_refuses_or_is_not_there() {
    let (told, settings) = agent(|| REFUSES).await;
    let refused = Agent::new(settings.ecs_agent_uri.as_deref().unwrap())
        .protect(true)
        .await;
    assert!(refused.unwrap_err().to_string().contains("TASK_NOT_VALID"));
    let begun = Instant::now();
    drop(Protection::of(&settings).hold().await);
    assert_eq!(told.0.lock().unwrap()[..2], [on(), on()]);
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nowhere = ProtectionSettings {
        ecs_agent_uri: Some(format!("http://{}", closed.local_addr().unwrap())),
    };
    // A listener that never accepts is an agent that hangs.
    drop(Protection::of(&nowhere).hold().await);
    drop(closed);
    drop(Protection::of(&nowhere).hold().await);
    drop(Protection::none().hold().await);
    assert!(begun.elapsed() < PATIENCE * 3);
}
