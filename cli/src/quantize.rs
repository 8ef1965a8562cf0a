use crate::data_set::Source;
use crate::describe::{describe_integers, line, normalizer};
use crate::outputs::Outputs;
use crate::write::write;
use crate::{Failure, Said};
use elman::image::{Described, NORMALIZER};
use elman_files::source::{self, LIMIT};
use elman_model::int8::{self, Calibration, Classes, Compared, Difference, Example, Scaling};
use elman_model::{Model, Unlike};
use elman_trainer::data::{DataSet, Label};
use std::fmt::Display;
use std::path::PathBuf;

/// Put a network of a flash image into integers: a quarter of the size, and no floating point in a step
///
/// The data set should be the training set: the largest input in it is the largest that is told from larger ones. The
/// normaliser in the image is applied first, and what else the image holds is carried over; the probe is a new one. The
/// report compares both networks on the data set. The new image goes to --output, and the module that opens it next to
/// it, as .rs.
#[derive(clap::Args)]
pub struct Quantize {
    /// A flash image of a network in f32
    #[arg(value_name = "MODEL")]
    model: PathBuf,
    #[command(flatten)]
    data: Source,
    /// Output file of the image; - is standard output, without the module
    #[arg(short, long, value_name = "IMAGE")]
    output: PathBuf,
    /// One scale for the weights of each gate [default]
    #[arg(long, conflicts_with = "per_unit")]
    per_gate: bool,
    /// One scale for each unit of a gate: smaller errors, 2 bytes for each
    #[arg(long)]
    per_unit: bool,
}

impl Quantize {
    pub fn run(self, said: &mut Said) -> Result<(), Failure> {
        if source::is_stdin(&self.model) && source::is_stdin(&self.data.path) {
            return Err(Failure::Usage("standard input cannot be both the image and the data set".to_string()));
        }
        let outputs = Outputs::new(self.output.clone());
        outputs.check(std::slice::from_ref(&self.model))?;
        [Some(&outputs.image), outputs.module.as_ref()]
            .into_iter()
            .flatten()
            .try_for_each(|o| self.data.keep_from(o))?;
        let name = outputs.name()?;
        let bytes = source::bytes(&self.model, LIMIT).map_err(|error| self.says(&error))?;
        let model = self.model(&bytes)?;
        let from = Described::open(&bytes).map_err(|error| self.says(&error))?;
        let mut calibration = Calibration::new(&model).map_err(|error| self.says(&error))?;
        let (data, _) = self.data.read(false)?;
        let examples = self.examples(&data, &model, &from)?;
        for (sequence, example) in examples.iter().enumerate() {
            // The values of the file are finite; a scale can make them infinite.
            let infinite = |step| format!("step {step} of sequence {sequence} is infinite when normalised");
            calibration.observe(&example.xs).map_err(|step| self.data_says(&infinite(step)))?;
        }
        let scaling = if self.per_unit { Scaling::PerUnit } else { Scaling::PerGate };
        let small = calibration.quantize(scaling).map_err(|error| self.says(&error))?;
        let image = small.image(Some(&from)).map_err(|error| self.says(&error))?;
        let module = small.module(name, &image).map_err(|error| self.says(&error))?;
        describe_integers(&small, said);
        if let Ok(data) = from.section(NORMALIZER) {
            normalizer(data.len() / 8, said);
        }
        report(&calibration, &Compared::of(&calibration, &small, &examples), examples.len(), said);
        if let Some(reason) = self.unjudged(&data, &small) {
            line(said, "accuracy", &reason);
        }
        let mut files = vec![(outputs.image.as_path(), image.as_slice())];
        files.extend(outputs.module.as_deref().map(|path| (path, module.as_bytes())));
        Ok(write(&files, said)?)
    }

    fn says(&self, error: &dyn Display) -> String {
        format!("{}: {error}", self.model.display())
    }

    fn data_says(&self, error: &dyn Display) -> String {
        format!("{}: {error}", self.data.path.display())
    }

    fn model(&self, bytes: &[u8]) -> Result<Model, String> {
        Model::from_image(bytes).map_err(|error| match &error {
            Unlike::Architecture(words) if words.starts_with("int8 ") => {
                self.says(&"the network is in integers already; quantize the image that it was made of")
            }
            Unlike::Architecture(_) | Unlike::Image(_) => self.says(&error),
        })
    }

    /// The sequences of the data set, normalised as the image says.
    fn examples(&self, data: &DataSet, model: &Model, from: &Described<'_>) -> Result<Vec<Example>, String> {
        let (channels, inputs) = (data.channels.len(), model.inputs());
        if channels != inputs {
            let says =
                format!("a step has {channels} values, but the network reads {inputs}; choose them with --values");
            return Err(self.data_says(&says));
        }
        let normalizer: Vec<f32> = from
            .section(NORMALIZER)
            .map_or(Vec::new(), |data| data.as_chunks().0.iter().map(|&four| f32::from_le_bytes(four)).collect());
        if !normalizer.is_empty() && normalizer.len() != 2 * inputs {
            let says = format!("the normaliser has {} channels, but the network reads {inputs}", normalizer.len() / 2);
            return Err(self.says(&says));
        }
        let judged = self.unjudgeable(data, model.head.rows()).is_none();
        let series = (0..data.series.len()).map(|index| data.series.at(index));
        Ok(series
            .map(|series| Example {
                xs: series.steps.chunks(inputs).map(|x| normalized(&normalizer, x)).collect(),
                classes: if judged { classes(&series.label) } else { Classes::None },
            })
            .collect())
    }

    /// The reason why the classes of the data set cannot be those of the network.
    fn unjudgeable(&self, data: &DataSet, outputs: usize) -> Option<String> {
        let classes = data.classes.len();
        (classes > outputs)
            .then(|| format!("unknown: the data set has {classes} classes, the network {outputs} outputs"))
    }

    fn unjudged(&self, data: &DataSet, model: &int8::Model) -> Option<String> {
        self.unjudgeable(data, model.outputs())
    }
}

/// x′ = (x − mean) · scale, as on a device.
fn normalized(normalizer: &[f32], x: &[f32]) -> Vec<f32> {
    let (means, scales) = normalizer.split_at(normalizer.len() / 2);
    if means.is_empty() {
        return x.to_vec();
    }
    x.iter().zip(means).zip(scales).map(|((x, mean), scale)| (x - mean) * scale).collect()
}

fn classes(label: &Label<'_>) -> Classes {
    match label {
        Label::None => Classes::None,
        Label::Whole(class) => Classes::Last(*class),
        Label::Each(classes) => Classes::Each(classes.iter().map(|&class| class as usize).collect()),
    }
}

/// Reports what the calibration met, and the differences of both networks.
fn report(calibration: &Calibration<'_>, all: &Compared, sequences: usize, said: &mut Said) {
    line(said, "calibrated", &format!("on {sequences} sequences, {} steps", calibration.steps()));
    for (index, (met, seen)) in all.layers.iter().zip(calibration.seen()).enumerate() {
        let (input, output, clipped, numbers) = (seen.input, seen.output, met.clipped, met.numbers);
        let ranges = format!("inputs up to {input:.4}, {clipped} of {numbers} clipped; outputs up to {output:.4}");
        line(said, &format!("layer {index}"), &ranges);
        let errors: Vec<String> = met.differences.iter().map(error).collect();
        line(said, "", &format!("largest (typical) error: {}", errors.join(", ")));
    }
    line(said, "outputs", &format!("up to {:.4}; largest (typical) error: {}", all.largest, error(&all.outputs)));
    if all.answers > 0 {
        line(said, "agreement", &share(all.agree, all.answers));
    }
    if all.known > 0 {
        let [single, whole] = [all.right, all.right_in_integers].map(|right| share(right, all.known));
        line(said, "accuracy", &format!("f32 {single}, int8 {whole}"));
    }
}

fn error(difference: &Difference) -> String {
    format!("{} {:.1e} ({:.1e})", difference.name, difference.worst, difference.typical())
}

fn share(part: usize, of: usize) -> String {
    format!("{:.2} % ({part} of {of})", 100.0 * part as f64 / of as f64)
}
