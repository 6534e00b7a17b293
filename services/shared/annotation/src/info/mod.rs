//! INFO: our keys, their header lines, and the values of one record.

mod block;
mod csq;
mod descriptions;
mod fields;
mod keys;
mod schema;
mod stated;
mod undeclared;

pub(crate) use block::Block;
pub use csq::{CsqFields, CsqFieldsError, Others, Pick, PickOf, PickOrder, PickOrderError};
pub(crate) use csq::{
    Described, Entry, Feature, Field, Fixed, Layout, amino_acids, class_of_edit, class_of_symbol, place,
};
pub(crate) use fields::Fields;
pub(crate) use keys::Key;
pub(crate) use schema::Schema;
pub use schema::{Told, ToldKey};
pub(crate) use vcf::encode::append_bytes as encoded_bytes;
