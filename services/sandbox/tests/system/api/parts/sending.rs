//! What a program does that uploads in parts.

use std::io::Read;

use domain::JobId;
use flate2::read::MultiGzDecoder;
use serde_json::{Value, json};

use super::{part, sha256};
use crate::api::Program;
use crate::people::Answer;

impl Program {
    pub(super) async fn begin(&self, name: &str, bytes: usize, key: &str) -> Answer {
        let wanted = json!({ "file_name": name, "bytes": bytes, "in_parts": true });
        self.post("/uploads", &wanted, &[("idempotency-key", key)]).await
    }

    pub(super) async fn sign(&self, id: &str, number: usize, bytes: &[u8]) -> Answer {
        let wanted = json!({ "number": number, "bytes": bytes.len(), "sha256": sha256(bytes) });
        self.post(&format!("/uploads/{id}/parts"), &json!({ "parts": [wanted] }), &[])
            .await
    }

    /// Puts bytes where a signed part belongs; gives status and what the store says.
    pub(super) async fn put(&self, signed: &Value, bytes: &[u8]) -> (u16, String) {
        let signed = &signed["parts"][0];
        let request = self.client.put(signed["url"].as_str().unwrap()).body(bytes.to_vec());
        let headers = signed["headers"].as_object().unwrap().iter();
        let request = headers.fold(request, |request, (name, value)| {
            request.header(name, value.as_str().unwrap())
        });
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    pub(super) async fn send_parts(&self, id: &str, content: &[u8], numbers: &[usize]) {
        for number in numbers {
            let signed = self.sign(id, *number, part(content, *number)).await;
            assert_eq!(signed.status, 200, "{}", signed.body);
            let (status, said) = self.put(&signed.json(), part(content, *number)).await;
            assert_eq!(status, 200, "{said}");
        }
    }

    pub(super) async fn complete(&self, id: &str, bytes: usize, sha256: &str) -> Answer {
        let whole = json!({ "bytes": bytes, "sha256": sha256 });
        self.post(&format!("/uploads/{id}/complete"), &whole, &[]).await
    }

    /// Numbers of the parts that are there.
    pub(super) async fn there(&self, id: &str) -> Vec<u64> {
        let upload = self.get(&format!("/uploads/{id}")).await;
        assert_eq!(upload.status, 200, "{}", upload.body);
        let upload = upload.json();
        let there = upload["parts"]["there"].as_array().unwrap().iter();
        there.map(|part| part["number"].as_u64().unwrap()).collect()
    }

    /// The results of a job, unpacked.
    pub(super) async fn results(&self, id: JobId) -> String {
        let packed = self.download(&self.get(&format!("/jobs/{id}/results")).await).await;
        let mut unpacked = String::new();
        MultiGzDecoder::new(&*packed).read_to_string(&mut unpacked).unwrap();
        unpacked
    }
}
