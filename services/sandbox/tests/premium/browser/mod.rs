//! The browser of the tests of the whole system.

#[path = "../../system/browser/chrome.rs"]
mod chrome;
#[path = "../../system/browser/looks.rs"]
mod looks;
#[path = "../../system/browser/visitor.rs"]
pub mod visitor;
