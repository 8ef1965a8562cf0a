use crate::describe::{describe, describe_import, describe_integers, line, normalizer, vocabulary};
use crate::source::{Format, Source};
use crate::training;
use crate::{Failure, Said};
use elman::error::{SectionError, SelfTestError};
use elman::image::{Described, NORMALIZER, PROBE, VOCABULARY};
use elman_model::{Model, Probed, Unlike, int8};

/// Print the contents, sizes and costs of a flash image, a state dict or an ONNX model, without writing a file
///
/// Training memory is the constant Trainer::MEMORY of the network's type, for windows of --steps steps with one
/// target. If an image carries a probe, it is run: in f64, or with the same bits as on a device if the weights are
/// integers. The command fails if the probe fails.
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
        if is_whole(&image) {
            let model = understood(int8::Model::from_image(bytes))?;
            match &model {
                Some(model) => describe_integers(model, said),
                None => describe_unknown(&image, said),
            }
            return sections(&image, said, |data, said| match &model {
                Some(model) => judge(model.probe(data), "in whole numbers, with a device's bits", said),
                None => not_run(said),
            });
        }
        let model = understood(Model::from_image(bytes))?;
        match &model {
            Some(model) => describe(model, said),
            None => describe_unknown(&image, said),
        }
        let probe = sections(&image, said, |data, said| match &model {
            Some(model) => judge(model.probe(data), "in f64", said),
            None => not_run(said),
        });
        if let Some(model) = &model {
            training::describe(model, self.steps as usize, said);
        }
        probe
    }
}

/// Returns the network, if it is of a kind that is known.
fn understood<M>(read: Result<M, Unlike>) -> Result<Option<M>, String> {
    match read {
        Ok(model) => Ok(Some(model)),
        Err(Unlike::Architecture(_)) => Ok(None),
        Err(error) => Err(error.to_string()),
    }
}

/// Describes a network of kinds that are not known.
fn describe_unknown(image: &Described<'_>, said: &mut Said) {
    line(said, "network", image.description);
    if !is_whole(image) {
        line(said, "parameters", &(image.weights.len() / number(image)).to_string());
    }
    line(said, "weights", &format!("{} bytes", image.weights.len()));
    line(said, "costs", "unknown for this architecture; the Rust type has them as constants");
}

fn is_whole(image: &Described<'_>) -> bool {
    image.description.starts_with("int8 ")
}

fn not_run(said: &mut Said) -> Result<(), String> {
    line(said, "probe", "present, but not run for this architecture");
    Ok(())
}

/// Returns the size in bytes of each number in the image.
fn number(image: &Described<'_>) -> usize {
    if image.description.starts_with("f64") { 8 } else { 4 }
}

/// Describes the sections other than the weights, and runs the probe with `probe`.
fn sections(
    image: &Described<'_>,
    said: &mut Said,
    probe: impl FnOnce(&[u8], &mut Said) -> Result<(), String>,
) -> Result<(), String> {
    if let Ok(data) = image.section(NORMALIZER) {
        normalizer(data.len() / (2 * number(image)), said);
    }
    if let Ok(data) = image.section(VOCABULARY) {
        vocabulary(data.first_chunk().map_or(0, |&count| u32::from_le_bytes(count)) as usize, said);
    }
    match image.section(PROBE) {
        Ok(data) => probe(data, said),
        Err(_) => {
            line(said, "probe", "none");
            Ok(())
        }
    }
}

/// Reports the result of a probe that ran in some arithmetic.
fn judge(probed: Result<Probed, SelfTestError>, how: &str, said: &mut Said) -> Result<(), String> {
    let probed = probed.map_err(|error| match error {
        SelfTestError::Section(SectionError::Malformed { .. }) => {
            "the probe does not belong to this network".to_string()
        }
        error => error.to_string(),
    })?;
    let verdict = if probed.passes() { "passes" } else { "fails" };
    let (steps, worst, tolerance) = (probed.steps, probed.worst, probed.tolerance);
    let none = if probed.allowed > 0.0 { "none in f32" } else { "none" };
    let allowed = if tolerance > 0.0 { format!("{tolerance:.1e}") } else { none.to_string() };
    line(said, "probe", &format!("{steps} steps: {verdict} {how} (largest error {worst:.1e}, allowed {allowed})"));
    if probed.passes() {
        Ok(())
    } else {
        Err("the network does not give the outputs that the probe expects".to_string())
    }
}
