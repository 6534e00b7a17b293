//! The emulator itself: its settings, what it knows, and which operation a request asks for.

use std::sync::Arc;
use std::time::SystemTime;

use anyhow::Result;
use backends::aws::SdkConfig;
use http::{Method, StatusCode};
use serde_json::Value;
use uuid::Uuid;
use warp::reply::{self, Reply, Response};

use super::GlacierSettings;
use super::call::Call;
use super::refusal::Refusal;
use super::signature;
use super::state::{Store, Vault};
use super::switches::Panel;
use crate::aws::with_keys;

/// What every operation gives.
pub type Answer = Result<Response, Refusal>;

/// One running emulator.
pub struct Emulator {
    pub settings: GlacierSettings,
    pub store: Store,
    pub panel: Panel,
    pub aws: SdkConfig,
}

impl Emulator {
    /// Opens what earlier runs have left and goes on with their jobs.
    pub async fn open(settings: GlacierSettings) -> Result<Arc<Self>> {
        let aws = with_keys(&settings.aws, &settings.access_key_id, &settings.secret_access_key).await;
        let emulator = Arc::new(Self {
            store: Store::open(&settings.data)?,
            panel: Panel::default(),
            aws,
            settings,
        });
        emulator.resume_jobs();
        Ok(emulator)
    }

    /// Does what a request asks for, if it may.
    pub fn answer(self: &Arc<Self>, call: Call) -> Answer {
        let (key, secret) = (&self.settings.access_key_id, &self.settings.secret_access_key);
        signature::check(&call, key, secret, SystemTime::now())?;
        call.check_version()?;
        if self.panel.fails_now() {
            return Err(Refusal::unavailable(
                "The service is not available right now, please try again later",
            ));
        }
        let path = call.path.clone();
        let segments: Vec<&str> = path.split('/').skip(1).collect();
        let [account, "vaults", rest @ ..] = segments.as_slice() else {
            return Err(Refusal::bad_request("The URI is not one of a vault"));
        };
        if !["-", &self.settings.account].contains(account) {
            return Err(Refusal::access_denied(format!("The account {account} is not yours")));
        }
        self.dispatch(call, rest)
    }

    fn dispatch(self: &Arc<Self>, call: Call, path: &[&str]) -> Answer {
        match (call.method.clone(), path) {
            (Method::GET, []) => self.list_vaults(&call),
            (Method::PUT, [vault]) => self.create_vault(vault),
            (Method::GET, [vault]) => self.describe_vault(vault),
            (Method::DELETE, [vault]) => self.delete_vault(vault),
            (Method::PUT, [vault, "notification-configuration"]) => self.set_notifications(vault, &call),
            (Method::GET, [vault, "notification-configuration"]) => self.get_notifications(vault),
            (Method::DELETE, [vault, "notification-configuration"]) => self.delete_notifications(vault),
            (Method::POST, [vault, "archives"]) => self.upload_archive(vault, call),
            (Method::DELETE, [vault, "archives", archive]) => self.delete_archive(vault, archive),
            (Method::POST, [vault, "multipart-uploads"]) => self.initiate_upload(vault, &call),
            (Method::GET, [vault, "multipart-uploads"]) => self.list_uploads(vault, &call),
            (Method::PUT, [vault, "multipart-uploads", upload]) => self.upload_part(vault, upload, call),
            (Method::GET, [vault, "multipart-uploads", upload]) => self.list_parts(vault, upload, &call),
            (Method::POST, [vault, "multipart-uploads", upload]) => self.complete_upload(vault, upload, &call),
            (Method::DELETE, [vault, "multipart-uploads", upload]) => self.abort_upload(vault, upload),
            (Method::POST, [vault, "jobs"]) => self.initiate_job(vault, &call),
            (Method::GET, [vault, "jobs"]) => self.list_jobs(vault, &call),
            (Method::GET, [vault, "jobs", job]) => self.describe_job(vault, job),
            (Method::GET, [vault, "jobs", job, "output"]) => self.job_output(vault, job, &call),
            (method, _) => Err(Refusal::bad_request(format!(
                "The emulator has no {method} of this URI"
            ))),
        }
    }

    /// Looks at one vault.
    pub fn look<T>(&self, vault: &str, look: impl FnOnce(&Vault) -> Result<T, Refusal>) -> Result<T, Refusal> {
        self.store
            .look(|vaults| look(vaults.get(vault).ok_or_else(|| self.no_vault(vault))?))
    }

    /// Changes one vault; a change that fails must not have begun.
    pub fn change<T>(&self, vault: &str, change: impl FnOnce(&mut Vault) -> Result<T, Refusal>) -> Result<T, Refusal> {
        self.store
            .change(|vaults| change(vaults.get_mut(vault).ok_or_else(|| self.no_vault(vault))?))
    }

    /// The ARN of a vault.
    pub fn arn(&self, vault: &str) -> String {
        let GlacierSettings { aws, account, .. } = &self.settings;
        format!("arn:aws:glacier:{}:{account}:vaults/{vault}", aws.region)
    }

    /// The `Location` of something in a vault.
    pub fn location(&self, path: &str) -> String {
        format!("/{}/vaults/{path}", self.settings.account)
    }

    fn no_vault(&self, vault: &str) -> Refusal {
        Refusal::not_found(format!("Vault not found for ARN: {}", self.arn(vault)))
    }
}

/// A new id of `length` characters, as opaque as Glacier's.
pub fn new_id(length: usize) -> String {
    let mut id = String::new();
    while id.len() < length {
        id.push_str(&Uuid::new_v4().simple().to_string());
    }
    id.truncate(length);
    id
}

/// An answer with headers and no body.
pub fn empty<const N: usize>(status: StatusCode, headers: [(&'static str, String); N]) -> Answer {
    with_headers(status.into_response(), headers)
}

/// An answer of one JSON document.
pub fn document(document: &Value) -> Answer {
    Ok(reply::json(document).into_response())
}

/// Adds headers to an answer.
pub fn with_headers<const N: usize>(response: Response, headers: [(&'static str, String); N]) -> Answer {
    let add = |response, (name, value)| reply::with_header(response, name, value).into_response();
    Ok(headers.into_iter().fold(response, add))
}
