//! The pages, a module each: its routes, its handlers, what its template shows.

mod about;
mod account;
mod admin;
mod annotate;
mod annotation;
mod annotations;
mod api;
mod cancel_job;
mod confirm;
mod delete_job;
mod deletion;
mod describe_job;
mod device;
mod events;
mod export;
mod files;
mod forgot;
mod home;
mod identity;
mod job_form;
mod leave;
mod login;
mod login_code;
mod mails;
mod part_upload;
mod plain;
mod register;
mod rerun_job;
mod results_view;
mod settings_view;
mod share_job;
mod shared;
mod status;
mod submission;
mod subscribe;
mod summary;
mod unsubscribe;
pub mod variants;
mod webhooks;

use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::Response;

use crate::app::App;

pub use annotation::StateView;
pub use annotations::Line;
pub use cancel_job::cancel_own;
pub use device::DEVICE_TOKEN_LASTS;
pub use events::events_of;
pub use files::{Signed, signed_index, signed_input, signed_log, signed_results};
pub use identity::{revoke_token, tell_of_token};
pub use plain::unpacked;
pub use rerun_job::run_again;
pub use status::MaintenanceView;
pub use submission::{begin, check_size};
pub use subscribe::payments;

/// Every page's routes.
pub fn routes(app: &App) -> BoxedFilter<(Response,)> {
    home::routes(app)
        .or(about::routes(app))
        .unify()
        .or(status::routes(app))
        .unify()
        .or(api::routes(app))
        .unify()
        .or(register::routes(app))
        .unify()
        .or(confirm::routes(app))
        .unify()
        .or(login::routes(app))
        .unify()
        .or(login_code::routes(app))
        .unify()
        .or(forgot::routes(app))
        .unify()
        .or(annotate::routes(app))
        .unify()
        .or(part_upload::routes(app))
        .unify()
        .or(submission::routes(app))
        .unify()
        .or(annotations::routes(app))
        .unify()
        .or(annotation::routes(app))
        .unify()
        .or(events::routes(app))
        .unify()
        .or(files::routes(app))
        .unify()
        .or(plain::routes(app))
        .unify()
        .or(variants::routes(app))
        .unify()
        .or(cancel_job::routes(app))
        .unify()
        .or(rerun_job::routes(app))
        .unify()
        .or(describe_job::routes(app))
        .unify()
        .or(share_job::routes(app))
        .unify()
        .or(shared::routes(app))
        .unify()
        .or(delete_job::routes(app))
        .unify()
        .or(deletion::routes(app))
        .unify()
        .or(account::routes(app))
        .unify()
        .or(identity::routes(app))
        .unify()
        .or(webhooks::routes(app))
        .unify()
        .or(device::routes(app))
        .unify()
        .or(leave::routes(app))
        .unify()
        .or(export::routes(app))
        .unify()
        .or(mails::routes(app))
        .unify()
        .or(subscribe::routes(app))
        .unify()
        .or(unsubscribe::routes(app))
        .unify()
        .or(admin::routes(app))
        .unify()
        .boxed()
}
