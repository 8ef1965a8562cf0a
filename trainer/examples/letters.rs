//! Trains on English letter by letter and writes the model that the micro:bit adapts to German.
//!
//! `letters FILE` writes the model to `FILE`; `firmware-example/models/letters.bin` was made this way. Then the
//! program adapts the model on the host as the device does, and prints the perplexity on held-out texts.

use elman::parameters::Path;
use elman::{Parameters, Zero};
use elman_files::output;
use std::env;
use std::error::Error;

#[allow(dead_code, reason = "the firmware uses the rest")]
#[path = "../../firmware-example/src/letters.rs"]
mod letters;

use letters::{Net, Pupil};

fn main() -> Result<(), Box<dyn Error>> {
    let path = env::args_os().nth(1).ok_or("usage: letters FILE")?;
    let mut model = <Net as Zero>::ZERO;
    letters::read_english(&mut model)?;
    let mut image = Vec::new();
    model.view(Path::ROOT, &mut |_, weights| image.extend(weights.iter().flat_map(|weight| weight.to_le_bytes())));
    output::write(path.as_ref(), &image)?;
    let mut pupil = Pupil::ZERO;
    pupil.read_german(&model, |when, knowledge| {
        println!("{when}: German {}, English {}", knowledge.german, knowledge.english);
    })?;
    Ok(())
}
