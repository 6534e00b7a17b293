//! INFO: our keys, their header lines, and the values of one record.

mod block;
mod csq;
mod encode;
mod fields;
mod schema;
mod stated;

pub(crate) use block::Block;
pub(crate) use csq::{Entry, Feature, append_beside, number};
pub(crate) use encode::append_bytes as encoded_bytes;
pub(crate) use fields::Fields;
pub(crate) use schema::{Key, Schema, is_extra};
