//! `POST /annotations/<job id>/variants/regions`: a BED file to filter by that is too long for an address. Its regions are kept for the
//! job, and the address that the browser is sent to names them.

use bytes::{Buf, Bytes};
use futures_util::{Stream, stream};
use http::header::CONTENT_TYPE;
use multer::{Multipart, parse_boundary};
use warp::reply::Response;

use super::asked::{Asked, Pairs};
use super::available::{opened, unavailable};
use super::view::{View, variants_url};
use super::{own_job_with_summary, refuse};
use crate::body::read_file;
use crate::error::PageError;
use crate::region_sets::LARGEST;
use crate::variant_tables::Trouble;
use crate::visit::{Visit, see_other};

/// What the form has.
#[derive(Default)]
struct Sent {
    csrf_token: String,
    /// What else is asked, as the address of the page has it.
    query: String,
    is_from_charts: bool,
    file: Vec<u8>,
}

/// Takes the form.
pub async fn take<B: Buf>(
    id: String,
    visit: Visit,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Response, PageError> {
    let (user, job, _) = own_job_with_summary(&visit, &id).await?;
    let sent = {
        let _place = visit.app.region_sets.place(user.id)?;
        read(&visit, body).await?
    };
    visit.check_csrf(&sent.csrf_token)?;
    let opened = match opened(&visit.app, &user, &job).await? {
        Ok(opened) => opened,
        Err(why) => return unavailable(&visit, &user, &job, why),
    };
    let mut pairs: Pairs = form_urlencoded::parse(sent.query.as_bytes()).into_owned().collect();
    pairs.retain(|(name, _)| name != "regions" && name != "offset");
    let (view, rest) = match sent.is_from_charts {
        true => (View::Charts, "/charts"),
        false => (View::Table, ""),
    };
    match visit.app.region_sets.keep(&visit.app.accounts, &job, sent.file).await {
        Ok((name, _)) => {
            pairs.push(("regions".to_owned(), name));
            let asked = Asked::of(&pairs).map_err(Trouble::Wrong)?;
            see_other(&format!("{}{rest}{}", variants_url(&job), asked.first()))
        }
        Err(Trouble::Wrong(wrong)) => refuse(&visit, &user, &job, &pairs, &opened, view, &wrong),
        Err(trouble) => Err(trouble.into()),
    }
}

async fn read<B: Buf>(
    visit: &Visit,
    body: impl Stream<Item = Result<B, warp::Error>> + Send,
) -> Result<Sent, PageError> {
    let boundary = visit
        .header(CONTENT_TYPE)
        .and_then(|media_type| parse_boundary(media_type).ok());
    let boundary = boundary.ok_or_else(malformed)?;
    let body = Bytes::from(read_file(body, LARGEST).await?);
    let body = stream::iter([Ok::<_, std::convert::Infallible>(body)]);
    let mut form = Multipart::new(body, boundary);
    let mut sent = Sent::default();
    while let Some(field) = form.next_field().await.map_err(|_| malformed())? {
        let name = field.name().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.map_err(|_| malformed())?;
        let text = || String::from_utf8_lossy(&bytes).into_owned();
        match &*name {
            "csrf_token" => sent.csrf_token = text(),
            "query" => sent.query = text(),
            "view" => sent.is_from_charts = text() == "charts",
            "bed" => sent.file = bytes.to_vec(),
            _ => {}
        }
    }
    Ok(sent)
}

fn malformed() -> PageError {
    PageError::BadRequest("The form did not arrive as a whole. Send it again.".into())
}
