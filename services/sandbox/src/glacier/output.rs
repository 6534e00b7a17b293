//! The output of a completed job, by range.
//!
//! <https://docs.aws.amazon.com/amazonglacier/latest/dev/api-job-output-get.html>

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

use backends::vault::TreeHash;
use http::StatusCode;
use warp::reply::{self, Reply};

use super::call::Call;
use super::emulator::{Answer, Emulator, with_headers};
use super::range::Span;
use super::refusal::Refusal;

impl Emulator {
    /// Gives the bytes; with their tree hash if they are a node of the archive's tree.
    pub fn job_output(&self, vault: &str, id: &str, call: &Call) -> Answer {
        let job = self.find_job(vault, id)?;
        if job.status() != "Succeeded" {
            return Err(Refusal::invalid(format!(
                "The job is not currently available for download: {id}"
            )));
        }
        let retrieved = Span {
            start: job.start,
            end: job.end,
        };
        let size = retrieved.length();
        let (status, asked) = match call.optional_header("range") {
            None => (
                StatusCode::OK,
                Span {
                    start: 0,
                    end: size - 1,
                },
            ),
            Some(range) => {
                let span = Span::of_download(range, size);
                let span = span.ok_or_else(|| Refusal::invalid(format!("Invalid range: {range} of {size} bytes")))?;
                (StatusCode::PARTIAL_CONTENT, span)
            }
        };
        // Ranges of the output count from where the retrieval began.
        let wanted = Span {
            start: job.start + asked.start,
            end: job.start + asked.end,
        };
        let bytes = read(File::open(self.store.output(id))?, wanted)?;
        let aligned = [retrieved, wanted]
            .iter()
            .all(|span| span.is_tree_hash_aligned(job.archive.size));
        let hash = aligned.then(|| TreeHash::of(&bytes).to_string());
        let mut response = reply::with_status(bytes, status).into_response();
        if let Some(hash) = hash {
            response = with_headers(response, [("x-amz-sha256-tree-hash", hash)])?;
        }
        if status == StatusCode::PARTIAL_CONTENT {
            let range = format!("bytes {}-{}/{size}", asked.start, asked.end);
            response = with_headers(response, [("Content-Range", range)])?;
        }
        if let Some(description) = job.archive.description {
            response = with_headers(response, [("x-amz-archive-description", description)])?;
        }
        let content_type = "application/octet-stream".to_owned();
        with_headers(
            response,
            [("Content-Type", content_type), ("Accept-Ranges", "bytes".to_owned())],
        )
    }
}

fn read(mut file: File, span: Span) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(span.start))?;
    file.take(span.length()).read_to_end(&mut bytes)?;
    Ok(bytes)
}
