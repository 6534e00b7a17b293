//! Somebody at the browser: opens, fills in, presses, reads.

use std::path::{Path, PathBuf};

use futures_util::future::try_join_all;
use serde_json::json;
use thirtyfour::error::WebDriverErrorInner;
use thirtyfour::prelude::*;

use super::chrome::Chrome;
use super::looks::{Looks, assert_silent_console, evaluate};
use crate::people::PASSWORD;
use crate::{eventually, sandbox};

pub struct Visitor {
    chrome: Chrome,
    looks: Looks,
    base: String,
}

impl Visitor {
    /// `None`, said aloud, where there is no browser.
    pub async fn arrive() -> Option<Self> {
        let base = sandbox().await.endpoints().web.clone();
        Some(Self {
            chrome: Chrome::start().await?,
            looks: Looks::new(),
            base,
        })
    }

    /// From now on pages run no script.
    pub async fn turn_scripts_off(&self) {
        let off = json!({ "value": true });
        self.window()
            .cdp()
            .send_raw("Emulation.setScriptExecutionDisabled", off)
            .await
            .unwrap();
    }

    /// From now on so many bytes a second leave the browser, or as many as can.
    pub async fn uploads_at(&self, bytes: Option<u64>) {
        let rate = bytes.map_or(json!(-1), |bytes| json!(bytes));
        let slow = json!({ "offline": false, "latency": 0, "downloadThroughput": -1, "uploadThroughput": rate });
        let cdp = self.window().cdp();
        cdp.send_raw("Network.enable", json!({})).await.unwrap();
        cdp.send_raw("Network.emulateNetworkConditions", slow).await.unwrap();
    }

    pub async fn open(&self, path: &str) {
        self.window().goto(format!("{}{path}", self.base)).await.unwrap();
    }

    pub async fn fill(&self, fields: &[(&str, &str)]) {
        for (id, text) in fields {
            let input = self.find(&format!("#{id}")).await;
            input.clear().await.unwrap();
            input.send_keys(*text).await.unwrap();
        }
    }

    /// Types into what the selector finds, which has no id of ours.
    pub async fn type_into(&self, selector: &str, text: &str) {
        let input = self.find(selector).await;
        input.clear().await.unwrap();
        input.send_keys(text).await.unwrap();
    }

    /// Types a card into the emulator's stand-in for Stripe's own field, and pays.
    pub async fn pay_with(&self, number: &str) {
        self.fill(&[("name-on-card", "Ada Lovelace")]).await;
        for (field, text) in [
            ("number", number),
            ("exp_month", "12"),
            ("exp_year", "40"),
            ("cvc", "123"),
            ("postal_code", "60637"),
        ] {
            self.type_into(&format!("#card-element input[placeholder={field}]"), text)
                .await;
        }
        self.press("#bill-me").await;
    }

    /// Clicks what the selector finds. A page that follows a job may put a new one in its place between the look and the
    /// click, which then has not happened.
    pub async fn press(&self, selector: &str) {
        let clicked = || async {
            match self.find(selector).await.click().await {
                Err(gone) if matches!(gone.as_inner(), WebDriverErrorInner::StaleElementReference(_)) => None,
                clicked => {
                    clicked.unwrap();
                    Some(())
                }
            }
        };
        eventually(&format!("{selector} to be clicked"), clicked).await;
    }

    /// Opens a page that is for people who are signed in, as one of them: signs in where it asks for that.
    pub async fn opens_as(&self, path: &str, username: &str) {
        self.open(path).await;
        self.fill(&[("username", username), ("password", PASSWORD)]).await;
        self.press("main button[type=submit]").await;
    }

    /// Chooses a file in the form of `/annotate`.
    pub async fn choose(&self, file: &Path) {
        self.choose_at("#file", file).await;
    }

    /// Chooses a file in the field that the selector finds.
    pub async fn choose_at(&self, selector: &str, file: &Path) {
        let field = self.find(selector).await;
        field.send_keys(file.to_str().unwrap()).await.unwrap();
    }

    /// Chooses several files at once.
    pub async fn choose_all(&self, files: &[PathBuf]) {
        let paths: Vec<&str> = files.iter().map(|file| file.to_str().unwrap()).collect();
        self.find("#file").await.send_keys(paths.join("\n")).await.unwrap();
    }

    /// Waits until the page says it, on whatever page that is by then.
    pub async fn reads(&self, words: &str) {
        let text = || async { self.window().find(By::Tag("main")).await.ok()?.text().await.ok() };
        let says = || async { text().await.filter(|text| text.contains(words)) };
        eventually(&format!("a page that says {words:?}"), says).await;
    }

    /// Waits until the selector finds something, on whatever page that is by then.
    pub async fn sees(&self, selector: &str) {
        let found = || async { self.window().find(By::Css(selector)).await.ok() };
        eventually(&format!("{selector} on the page"), found).await;
    }

    /// Opens the page again until it says the words, as people do without scripts.
    pub async fn reloads_until(&self, words: &str) {
        let says = || async {
            self.window().refresh().await.unwrap();
            self.find("main")
                .await
                .text()
                .await
                .ok()
                .filter(|text| text.contains(words))
        };
        eventually(&format!("a page that says {words:?} after a reload"), says).await;
    }

    /// Takes pictures of the page, judges them, and reads the console.
    pub async fn looks_at(&self, page: &str) {
        self.looks.at(self.window(), page).await;
    }

    /// Nothing has to be scrolled sideways, nor is a word broken, at these widths.
    pub async fn fits(&self, page: &str, widths: &[u64]) {
        self.looks.fits(self.window(), page, widths).await;
    }

    /// What the script that checks files says of this one, line by line.
    pub async fn first_look(&self, vcf: &str) -> Vec<String> {
        let script = format!(
            "import(location.origin + '/static/vcf-check.js').then((module) => module.checkText({}, true).map((line) => line.text))",
            json!(vcf)
        );
        serde_json::from_value(evaluate(self.window(), &script).await).unwrap()
    }

    /// From now on each change of the page is looked at: does it say both at once?
    pub async fn watches_for(&self, one: &str, other: &str) {
        let script = format!(
            r#"(() => {{
                const main = document.querySelector("main");
                const saysBoth = () => [{}, {}].every((words) => main.innerText.includes(words));
                sessionStorage.sawBoth = saysBoth();
                const look = () => {{ if (saysBoth()) sessionStorage.sawBoth = true; }};
                new MutationObserver(look).observe(main, {{ subtree: true, childList: true, characterData: true }});
                return true;
            }})()"#,
            json!(one),
            json!(other)
        );
        evaluate(self.window(), &script).await;
    }

    /// What came of [`Self::watches_for`], whether or not the page was loaded anew since.
    pub async fn saw_both(&self) -> bool {
        evaluate(self.window(), "sessionStorage.sawBoth").await == "true"
    }

    pub async fn is_at(&self, path: &str) -> bool {
        self.window().current_url().await.unwrap().path().starts_with(path)
    }

    pub async fn path(&self) -> String {
        self.window().current_url().await.unwrap().path().to_owned()
    }

    /// The texts of elements. Where the page takes one away while they are read, they are read anew.
    pub async fn texts(&self, selector: &str) -> Vec<String> {
        let read = || async {
            let elements = self.window().find_all(By::Css(selector)).await.unwrap();
            let texts: WebDriverResult<Vec<_>> = try_join_all(elements.iter().map(WebElement::text)).await;
            match texts {
                Err(gone) if matches!(gone.as_inner(), WebDriverErrorInner::StaleElementReference(_)) => None,
                texts => Some(texts.unwrap()),
            }
        };
        eventually(&format!("{selector} to be read"), read).await
    }

    pub async fn is_enabled(&self, selector: &str) -> bool {
        self.find(selector).await.is_enabled().await.unwrap()
    }

    pub async fn leave(self) {
        assert_silent_console(self.window(), "the last page").await;
        self.chrome.window.quit().await.unwrap();
    }

    fn window(&self) -> &WebDriver {
        &self.chrome.window
    }

    async fn find(&self, selector: &str) -> WebElement {
        self.window().query(By::Css(selector)).first().await.unwrap()
    }
}

/// A file to upload.
pub fn file(name: &str, content: impl AsRef<[u8]>) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("uploads");
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, content).unwrap();
    path
}
