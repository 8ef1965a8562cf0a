//! Sections stored in an image in addition to the weights and the probe.

use super::{Scaler, Words};
use elman::image::Section;

/// Additional data stored with a network in its image.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Carried {
    /// Normalisation of the inputs.
    pub normalizer: Option<Scaler>,
    /// Text of each token.
    pub vocabulary: Option<Words>,
}

impl Carried {
    pub(super) fn sections(&self) -> Vec<&dyn Section<f32>> {
        let normalizer = self.normalizer.iter().map(|scaler| scaler as &dyn Section<f32>);
        normalizer.chain(self.vocabulary.iter().map(|words| words as &dyn Section<f32>)).collect()
    }

    /// Returns the source text of the data's Rust types, for the module that opens the image.
    pub(super) fn types(&self) -> String {
        let normalizer = self.normalizer.as_ref().map(|scaler| normalizer_type(scaler.mean.len()));
        let vocabulary = self.vocabulary.as_ref().map(|words| vocabulary_type([words.symbols(), words.bytes()]));
        [normalizer, vocabulary].into_iter().flatten().collect()
    }
}

/// The type in Rust of a normaliser.
pub(super) fn normalizer_type(channels: usize) -> String {
    format!(
        "/// Normaliser of its inputs: `let normalizer: &Normalizer = image.normalizer()?;`\n\
        pub type Normalizer = elman::Normalizer<{channels}>;\n\n"
    )
}

/// The type in Rust of a vocabulary of as many symbols and bytes.
pub(super) fn vocabulary_type([symbols, bytes]: [usize; 2]) -> String {
    format!(
        "/// Texts of its tokens: `let vocabulary: Vocabulary = image.vocabulary()?;`\n\
        pub type Vocabulary = elman::Vocabulary<{symbols}, {bytes}>;\n\n"
    )
}
