//! Sections of an image other than weights and probe.

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

    /// Returns Rust types for the data, as text for the module that opens the image.
    pub(super) fn types(&self) -> String {
        let normalizer = self.normalizer.as_ref().map(|scaler| {
            format!(
                "/// Normaliser of its inputs: `let normalizer: &Normalizer = image.normalizer()?;`\n\
                pub type Normalizer = elman::Normalizer<{}>;\n\n",
                scaler.mean.len()
            )
        });
        let vocabulary = self.vocabulary.as_ref().map(|words| {
            format!(
                "/// Texts of its tokens: `let vocabulary: Vocabulary = image.vocabulary()?;`\n\
                pub type Vocabulary = elman::Vocabulary<{}, {}>;\n\n",
                words.symbols(),
                words.bytes()
            )
        });
        [normalizer, vocabulary].into_iter().flatten().collect()
    }
}
