//! Vaults: create, describe, list, delete.
//!
//! <https://docs.aws.amazon.com/amazonglacier/latest/dev/vault-operations.html>

use http::StatusCode;
use serde_json::{Value, json};

use super::call::Call;
use super::emulator::{Answer, Emulator, document, empty};
use super::listing::page;
use super::refusal::Refusal;
use super::state::{Moment, Vault};

/// Vaults on one page.
const PAGE: usize = 10;

impl Emulator {
    /// Makes a vault; one that is there stays as it is.
    pub fn create_vault(&self, name: &str) -> Answer {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
        if name.is_empty() || name.len() > 255 || !name.bytes().all(allowed) {
            return Err(Refusal::invalid(format!("Invalid vault name: {name}")));
        }
        let vault = || Vault {
            created: Moment::now(),
            notifications: None,
            archives: Default::default(),
            uploads: Default::default(),
            jobs: Default::default(),
        };
        self.store.change(|vaults| {
            vaults.entry(name.to_owned()).or_insert_with(vault);
            Ok(())
        })?;
        empty(StatusCode::CREATED, [("Location", self.location(name))])
    }

    /// Tells of one vault. Glacier counts once a day, we at once.
    pub fn describe_vault(&self, name: &str) -> Answer {
        document(&self.look(name, |vault| Ok(self.description(name, vault)))?)
    }

    /// Tells of every vault.
    pub fn list_vaults(&self, call: &Call) -> Answer {
        let page = self.store.look(|vaults| {
            let vaults = vaults
                .iter()
                .map(|(name, vault)| (name.clone(), self.description(name, vault)));
            page(call, vaults, PAGE)
        })?;
        document(&json!({ "VaultList": page.items, "Marker": page.marker }))
    }

    /// Removes a vault that is empty; one that is gone is no error.
    pub fn delete_vault(&self, name: &str) -> Answer {
        self.store.change(|vaults| {
            if vaults.get(name).is_some_and(|vault| !vault.archives.is_empty()) {
                let message = format!("Vault not empty or recently written to: {}", self.arn(name));
                return Err(Refusal::invalid(message));
            }
            vaults.remove(name);
            Ok(())
        })?;
        empty(StatusCode::NO_CONTENT, [])
    }

    fn description(&self, name: &str, vault: &Vault) -> Value {
        json!({
            "CreationDate": vault.created.to_string(),
            "LastInventoryDate": Value::Null,
            "NumberOfArchives": vault.archives.len(),
            "SizeInBytes": vault.archives.values().map(|archive| archive.size).sum::<u64>(),
            "VaultARN": self.arn(name),
            "VaultName": name,
        })
    }
}
