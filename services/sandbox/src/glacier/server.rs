//! The socket: receives requests, has them answered, and says in the log how.

use std::sync::Arc;

use http::{HeaderMap, Method, StatusCode};
use tokio::net::TcpListener;
use uuid::Uuid;
use warp::path::FullPath;
use warp::reply::{self, Reply, Response};
use warp::{Buf, Filter};

use super::call::Call;
use super::emulator::Emulator;
use super::payload::Payload;
use super::switches::Switches;

/// Serves until it is dropped.
pub async fn serve(emulator: Arc<Emulator>, listener: TcpListener) {
    let query = warp::query::raw().or(warp::any().map(String::new)).unify();
    let api = warp::method()
        .and(warp::path::full())
        .and(query)
        .and(warp::header::headers_cloned())
        .and(warp::body::stream())
        .then({
            let emulator = emulator.clone();
            move |method, path: FullPath, query, headers, body| {
                answer(
                    emulator.clone(),
                    (method, path.as_str().to_owned(), query, headers),
                    body,
                )
            }
        });
    let routes = health().or(switches(emulator)).unify().or(api).unify();
    warp::serve(routes).incoming(listener).run().await;
}

fn health() -> impl Filter<Extract = (Response,), Error = warp::Rejection> + Clone {
    warp::path!("_emulator" / "health")
        .and(warp::get())
        .map(|| StatusCode::OK.into_response())
}

fn switches(emulator: Arc<Emulator>) -> impl Filter<Extract = (Response,), Error = warp::Rejection> + Clone {
    let everything = warp::path!("_emulator" / "switches").map(|| None);
    let of_one = warp::path!("_emulator" / "switches" / String).map(Some);
    let whose = everything
        .or(of_one)
        .unify()
        .and(warp::any().map(move || emulator.clone()));
    let get = warp::get()
        .and(whose.clone())
        .map(|whose: Option<String>, emulator: Arc<Emulator>| {
            reply::json(&emulator.panel.of(whose.as_deref())).into_response()
        });
    let put = warp::put().and(whose).and(warp::body::json()).map(
        |whose: Option<String>, emulator: Arc<Emulator>, switches: Switches| {
            emulator.panel.set(whose.as_deref(), switches);
            StatusCode::NO_CONTENT.into_response()
        },
    );
    get.or(put).unify()
}

async fn answer<B: Buf>(
    emulator: Arc<Emulator>,
    (method, path, raw_query, headers): (Method, String, String, HeaderMap),
    body: impl futures_util::Stream<Item = Result<B, warp::Error>> + Send,
) -> Response {
    let line = format!("{method} {path}");
    let received = Payload::receive(&emulator.store.incoming(), body).await;
    let answered = match received {
        Err(refusal) => Err(refusal),
        Ok(payload) => {
            let call = Call {
                method,
                path,
                raw_query,
                headers,
                payload,
            };
            // Operations touch the disk, and put large archives together.
            let answered = tokio::task::spawn_blocking(move || emulator.answer(call)).await;
            answered.unwrap_or_else(|error| Err(std::io::Error::other(error).into()))
        }
    };
    let response = match answered {
        Ok(response) => response,
        Err(refusal) => {
            eprintln!("{line}: {refusal:?}");
            refusal.into_response()
        }
    };
    println!("{line}: {}", response.status());
    let id = Uuid::new_v4().simple().to_string();
    reply::with_header(response, "x-amzn-RequestId", id).into_response()
}
