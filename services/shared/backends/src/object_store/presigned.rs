//! Downloads: URLs that give one object to whoever holds them, for as long as the caller says.

use std::time::Duration;

use anyhow::{Context, Result};
use aws_sdk_s3::operation::get_object::builders::GetObjectFluentBuilder;
use aws_sdk_s3::presigning::PresigningConfig;
use domain::FileName;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::ObjectStore;

/// RFC 5987 `attr-char`: what stands unencoded in an extended parameter value.
const ATTR_CHAR: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

impl ObjectStore {
    /// A URL that downloads an input under the name it was uploaded with: the version that was submitted, if it is known.
    ///
    /// The version is named only where a later one has taken its place. The emulator of laptops (ministack 1.5.33) answers
    /// for a named version without the file's name and type that the URL asks for; S3 has no such fault.
    pub async fn input_url(
        &self,
        key: &str,
        version: Option<&str>,
        name: &FileName,
        valid: Duration,
    ) -> Result<String> {
        let current = self.uploaded(key).await?.and_then(|upload| upload.version);
        let replaced = version.filter(|version| current.as_deref() != Some(version));
        let request = self.public.get_object().bucket(&self.inputs_bucket).key(key);
        presigned(request.set_version_id(replaced.map(str::to_owned)), name, valid)
            .await
            .with_context(|| format!("sign a download of {key}"))
    }

    /// A URL that downloads a result or a log under the given name.
    pub async fn result_url(&self, key: &str, name: &FileName, valid: Duration) -> Result<String> {
        let request = self.public.get_object().bucket(&self.results_bucket).key(key);
        presigned(request, name, valid)
            .await
            .with_context(|| format!("sign a download of {key}"))
    }
}

async fn presigned(request: GetObjectFluentBuilder, name: &FileName, valid: Duration) -> Result<String> {
    let request = request
        .response_content_type("application/octet-stream")
        .response_content_disposition(attachment(name))
        .presigned(PresigningConfig::expires_in(valid.max(Duration::from_secs(1)))?);
    Ok(request.await?.uri().to_owned())
}

/// `Content-Disposition` with an ASCII name for old readers and the true one (RFC 6266, RFC 5987).
#[must_use]
pub fn attachment(name: &FileName) -> String {
    let encoded = utf8_percent_encode(name.as_str(), ATTR_CHAR);
    format!(
        "attachment; filename=\"{}\"; filename*=UTF-8''{encoded}",
        name.to_key_segment()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_leave_its_header() {
        let name = FileName::from_untrusted("my \"exome\" é.vcf");
        assert_eq!(
            attachment(&name),
            "attachment; filename=\"my__exome___.vcf\"; filename*=UTF-8''my%20%22exome%22%20%C3%A9.vcf"
        );
    }
}
