use crate::describe::{describe, describe_import, line, normalizer, vocabulary};
use crate::source::{Format, Source};
use crate::training;
use crate::{Failure, Said};
use elman::error::{SectionError, SelfTestError};
use elman::image::{Described, NORMALIZER, PROBE, VOCABULARY};
use elman_model::{Model, Unlike};

/// Print the contents of a flash image, a state dict or an ONNX model, with sizes and costs; write nothing
///
/// Training memory is the constant Trainer::MEMORY of the network's type, for windows of --steps steps with one
/// target. If an image carries a probe, it is run in f64; if it fails, so does the command.
#[derive(clap::Args)]
pub struct Inspect {
    #[command(flatten)]
    source: Source,
    /// Number of steps in a training window
    #[arg(long, value_name = "STEPS", default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    steps: u32,
}

impl Inspect {
    pub fn run(self, said: &mut Said) -> Result<(), Failure> {
        let bytes = self.source.bytes()?;
        let format = self.source.format(&bytes);
        self.source.check(format)?;
        if format == Format::Image {
            self.image(&bytes, said).map_err(|error| self.source.says(&error))?;
        } else {
            let import = self.source.read(format, bytes)?;
            describe_import(&import, said);
            training::describe(&import.model, self.steps as usize, said);
        }
        Ok(())
    }

    fn image(&self, bytes: &[u8], said: &mut Said) -> Result<(), String> {
        let image = Described::open(bytes).map_err(|error| error.to_string())?;
        let model = match Model::from_image(bytes) {
            Ok(model) => Some(model),
            Err(Unlike::Architecture(_)) => None,
            Err(error) => return Err(error.to_string()),
        };
        if let Some(model) = &model {
            describe(model, said);
        } else {
            line(said, "network", image.description);
            line(said, "parameters", &(image.weights.len() / number(&image)).to_string());
            line(said, "weights", &format!("{} bytes", image.weights.len()));
            line(said, "costs", "unknown for this architecture; the Rust type has them as constants");
        }
        let probe = sections(&image, model.as_ref(), said);
        if let Some(model) = &model {
            training::describe(model, self.steps as usize, said);
        }
        probe
    }
}

/// Returns the size of the image's numbers in bytes.
fn number(image: &Described<'_>) -> usize {
    if image.description.starts_with("f64") { 8 } else { 4 }
}

/// Describes the sections other than the weights, and runs the probe.
fn sections(image: &Described<'_>, model: Option<&Model>, said: &mut Said) -> Result<(), String> {
    if let Ok(data) = image.section(NORMALIZER) {
        normalizer(data.len() / (2 * number(image)), said);
    }
    if let Ok(data) = image.section(VOCABULARY) {
        vocabulary(data.first_chunk().map_or(0, |&count| u32::from_le_bytes(count)) as usize, said);
    }
    let Ok(data) = image.section(PROBE) else {
        line(said, "probe", "none");
        return Ok(());
    };
    let Some(model) = model else {
        line(said, "probe", "present, but not run for this architecture");
        return Ok(());
    };
    let probed = model.probe(data).map_err(|error| match error {
        SelfTestError::Section(SectionError::Malformed { .. }) => {
            "the probe does not belong to this network".to_string()
        }
        error => error.to_string(),
    })?;
    let verdict = if probed.passes() { "passes" } else { "fails" };
    let (steps, worst, tolerance) = (probed.steps, probed.worst, probed.tolerance);
    let allowed = if tolerance > 0.0 { format!("{tolerance:.1e}") } else { "none in f32".to_string() };
    line(said, "probe", &format!("{steps} steps: {verdict} in f64 (largest error {worst:.1e}, allowed {allowed})"));
    if probed.passes() {
        Ok(())
    } else {
        Err("the network does not give the outputs that the probe expects".to_string())
    }
}
