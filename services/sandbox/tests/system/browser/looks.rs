//! How a page looks: screenshots for people, axe-core for what a machine can judge, and a silent console.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use thirtyfour::prelude::*;

/// Width and height in CSS pixels: a laptop, a tablet and a phone.
const SIZES: [(&str, u64, u64); 3] = [("wide", 1280, 800), ("middling", 820, 1180), ("narrow", 360, 740)];
const SCHEMES: [&str; 2] = ["light", "dark"];

pub struct Looks {
    screenshots: PathBuf,
    axe: Option<String>,
}

impl Looks {
    /// Screenshots go to `target/screenshots`; axe-core is where `GAS_AXE_CORE` says, or in `target/node_modules`.
    pub fn new() -> Self {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
        let screenshots = target.join("screenshots");
        std::fs::create_dir_all(&screenshots).unwrap();
        let installed = target.join("node_modules/axe-core/axe.min.js");
        let axe = std::env::var_os("GAS_AXE_CORE").map_or(installed, PathBuf::from);
        let axe = std::fs::read_to_string(axe).ok();
        if axe.is_none() {
            crate::skipped("axe-core: it is not in target/node_modules (npm install --prefix target axe-core)");
        }
        Self { screenshots, axe }
    }

    /// Takes the page's picture at each size, light and dark, and judges each.
    pub async fn at(&self, window: &WebDriver, page: &str) {
        for (size, width, height) in SIZES {
            for scheme in SCHEMES {
                let name = format!("{page}-{size}-{scheme}");
                show_as(window, width, height, scheme).await;
                let whole = height_of_page(window, &name).await;
                show_as(window, width, height.max(whole), scheme).await;
                self.take_picture(window, &name).await;
                assert_words_are_whole(window, &name).await;
                self.judge(window, &name).await;
            }
        }
        let (_, width, height) = SIZES[0];
        show_as(window, width, height, SCHEMES[0]).await;
        assert_silent_console(window, page).await;
    }

    /// Judges the page at widths between those of the pictures.
    pub async fn fits(&self, window: &WebDriver, page: &str, widths: &[u64]) {
        for width in widths {
            let name = format!("{page} at {width} pixels");
            show_as(window, *width, 800, SCHEMES[0]).await;
            height_of_page(window, &name).await;
            assert_words_are_whole(window, &name).await;
        }
        let (_, width, height) = SIZES[0];
        show_as(window, width, height, SCHEMES[0]).await;
    }

    async fn take_picture(&self, window: &WebDriver, name: &str) {
        window
            .screenshot(&self.screenshots.join(format!("{name}.png")))
            .await
            .unwrap();
    }

    async fn judge(&self, window: &WebDriver, name: &str) {
        let Some(axe) = &self.axe else { return };
        // At once: a page that loads itself anew in between would not have it any more.
        let judged = format!("{axe};\naxe.run().then(({{ violations }}) => violations)");
        let found = evaluate(window, &judged).await;
        let grave = found
            .as_array()
            .unwrap()
            .iter()
            .filter(|finding| is_grave(finding))
            .collect::<Vec<_>>();
        assert!(grave.is_empty(), "axe-core on {name}: {grave:#?}");
    }
}

/// What the browser said on its console since the last time.
pub async fn assert_silent_console(window: &WebDriver, page: &str) {
    let said = window.browser_log().await.unwrap();
    let errors = said
        .into_iter()
        .filter(|entry| entry.level == "SEVERE" && !is_refusal(&entry.message));
    let errors = errors.map(|entry| entry.message).collect::<Vec<_>>();
    assert!(errors.is_empty(), "the console on {page}: {errors:#?}");
}

/// A page may well answer 403 or 404, which the console repeats; what a page is made of may not.
fn is_refusal(message: &str) -> bool {
    message.contains("the server responded with a status of 4") && !message.contains("/static/")
}

fn is_grave(finding: &Value) -> bool {
    matches!(finding["impact"].as_str(), Some("serious" | "critical"))
}

async fn show_as(window: &WebDriver, width: u64, height: u64, scheme: &str) {
    let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
    command(window, "Emulation.setDeviceMetricsOverride", size).await;
    let features = json!([
        { "name": "prefers-color-scheme", "value": scheme },
        { "name": "prefers-reduced-motion", "value": "reduce" },
    ]);
    command(window, "Emulation.setEmulatedMedia", json!({ "features": features })).await;
}

/// Nobody should have to scroll sideways; downwards is fine, and the picture shows all of it.
async fn height_of_page(window: &WebDriver, name: &str) -> u64 {
    let metrics = command(window, "Page.getLayoutMetrics", json!({})).await;
    let (page, seen) = (&metrics["cssContentSize"], &metrics["cssLayoutViewport"]);
    assert!(
        page["width"].as_u64() <= seen["clientWidth"].as_u64(),
        "{name} has to be scrolled sideways: {metrics:#}"
    );
    page["height"].as_u64().unwrap()
}

/// Terms, names and titles go on in the next line after a space, an underscore or a hyphen, not in the middle of letters.
async fn assert_words_are_whole(window: &WebDriver, name: &str) {
    let broken = evaluate(window, BROKEN_WORDS).await;
    assert_eq!(broken, json!([]), "words are broken on {name}");
}

/// The texts of the page of which two letters that belong together stand in two lines.
const BROKEN_WORDS: &str = r#"(() => {
    const broken = [];
    const range = document.createRange();
    const top = (node, at) => {
        range.setStart(node, at);
        range.setEnd(node, at + 1);
        return range.getBoundingClientRect().top;
    };
    for (const element of document.querySelectorAll("main :is(h1, h2, .counts th, .name a, #terms dt, .specimen td, #sessions td)")) {
        // What is folded has no lines.
        if (!element.checkVisibility()) continue;
        const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
        while (texts.nextNode()) {
            const node = texts.currentNode;
            for (let at = 1; at < node.data.length; at += 1) {
                const together = /^[a-z]{2}$/i.test(node.data.slice(at - 1, at + 1));
                if (together && top(node, at - 1) + 2 < top(node, at)) broken.push(node.data.trim());
            }
        }
    }
    return broken;
})()"#;

/// Runs a script past the page's Content-Security-Policy, which allows none but its own.
pub async fn evaluate(window: &WebDriver, script: &str) -> Value {
    let wanted = json!({ "expression": script, "awaitPromise": true, "returnByValue": true });
    let answer = command(window, "Runtime.evaluate", wanted).await;
    assert!(answer.get("exceptionDetails").is_none(), "{answer:#}");
    answer["result"]["value"].clone()
}

async fn command(window: &WebDriver, method: &str, parameters: Value) -> Value {
    window.cdp().send_raw(method, parameters).await.unwrap()
}
