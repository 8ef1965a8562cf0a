//! Exercises of a smartwatch wearer: a model that knows nine people adapts to the tenth.
//!
//! SmartwatchPhysio (`data/README.md`): acceleration and rotation, 6 channels at 50 Hz, seven shoulder exercises,
//! ten people with two recordings of each. Windows of 100 steps start 50 steps apart; a GRU of 32 units
//! classifies the exercise after the last step. Each person is left out in turn: a model is trained on the
//! others, then adapts to the first four windows of each of the person's recordings and is tested on later
//! windows. `docs/personalise.md` has the full protocol.
//!
//! `personalise choose` prints how the training plan was chosen, on the windows that models may adapt to;
//! `personalise ways` prints how the ways to adapt were chosen, on windows of other people.
//! `personalise image FILE` writes the model that `firmware-example` adapts on a board.

mod base;
mod choice;
mod people;
mod scope;
mod table;
#[allow(dead_code, reason = "the firmware uses the rest")]
#[path = "../../../firmware-example/src/wearer.rs"]
mod wearer;

use base::{Base, CANDIDATES, CHOSEN, Plan, known};
use choice::Choice;
use elman_files::output;
use elman_trainer::data;
use elman_trainer::seeds::in_parallel;
use elman_trainer::trials::{Failure, mean, verdict};
use people::Person;
use scope::Scope;
use std::process::ExitCode;
use std::{env, fs};
use wearer::{Exercise, ON_BOARD, Step, Way};

type Sequence = data::Sequence<Step, Exercise>;

/// The model in the board's flash.
const MODEL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../firmware-example/models/wearer.elman");

/// Seeds of the models trained without each person.
const SEEDS: [u64; 2] = [0, 1];

fn main() -> Result<ExitCode, Failure> {
    let people = people::read()?;
    let arguments: Vec<_> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => return judge(&people),
        ["choose"] => choose(&people)?,
        ["ways"] => table::ways(&choice::choose(&people)?),
        ["image", path] => output::write(path.as_ref(), &board(&people)?.image()?)?,
        _ => return Err("usage: personalise [choose | ways | image FILE]".into()),
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints the results of each plan for the person left out, on the *shown* windows; no test window is read.
fn choose(people: &[Person]) -> Result<(), Failure> {
    println!("epochs batch  rate noise  correct on the windows shown, %");
    for plan in CANDIDATES {
        let progress = plan.progress(people, (0..people.len()).map(|wearer| [wearer]));
        let right = jobs(people.len(), |wearer| {
            let base = Base::learn(plan, (people, &[wearer]), 0, &progress)?;
            Ok([base.percent(&base.network, people[wearer].wearer(base.normalizer)?.shown())?])
        })?;
        progress.clear();
        let Plan { epochs, batch, rate, noise } = plan;
        println!("{epochs:6} {batch:5} {rate:5} {noise:5}  {:.1}", mean(&right)[0]);
    }
    Ok(())
}

/// Trains the model for the board.
fn board(people: &[Person]) -> Result<Base, Failure> {
    let without = [ON_BOARD - 1];
    let progress = CHOSEN.progress(people, [without]);
    let base = Base::learn(CHOSEN, (people, &without), SEEDS[0], &progress)?;
    progress.clear();
    Ok(base)
}

/// Prints all tables, and checks the promised results.
fn judge(people: &[Person]) -> Result<ExitCode, Failure> {
    let choices = choice::choose(people)?;
    table::ways(&choices);
    let models: Vec<_> = (0..people.len()).flat_map(|wearer| SEEDS.map(|seed| (wearer, seed))).collect();
    let progress = CHOSEN.progress(people, models.iter().map(|(wearer, _)| [*wearer]));
    let rows = jobs(models.len(), |job| {
        let (wearer, seed) = models[job];
        let base = Base::learn(CHOSEN, (people, &[wearer]), seed, &progress)?;
        row(people, wearer, &base, &choices[wearer])
    })?;
    progress.clear();
    let rows: Vec<_> = rows.chunks(SEEDS.len()).map(mean).collect();
    table::judged(&rows);
    table::memory();
    let [_, read_out, whole] = choices[ON_BOARD - 1].ways;
    let as_chosen = [read_out, whole] == [Way::READ_OUT, Way::WHOLE];
    let on_board = [
        ("the board adapts in the ways chosen for its wearer".to_string(), as_chosen),
        ("the board's model is the one trained here".to_string(), board(people)?.image()? == fs::read(MODEL)?),
    ];
    Ok(verdict(table::promises(&rows).into_iter().chain(on_board)))
}

/// Returns the results of `base` and of its adapted versions on the watch of `wearer`.
fn row(people: &[Person], wearer: usize, base: &Base, choice: &Choice) -> Result<table::Row, Failure> {
    let watch = people[wearer].wearer(base.normalizer)?;
    let without = [wearer];
    let others = || known(people, &without);
    let [scratch, read_out, whole] = Scope::EACH;
    let adapted = |scope: Scope| scope.adapt(base, &watch, choice.ways[scope as usize]);
    let judged = |network| base.percent(network, watch.judged());
    let kept = |network| base.percent(network, others().flat_map(Person::kept));
    let (scratch, read_out, whole) = (adapted(scratch)?, adapted(read_out)?, adapted(whole)?);
    Ok([
        table::one_answer(others().flat_map(Person::learned), watch.judged()),
        judged(&scratch)?,
        judged(&base.network)?,
        judged(&read_out)?,
        judged(&whole)?,
        kept(&base.network)?,
        kept(&read_out)?,
        kept(&whole)?,
    ])
}

/// Returns the results of `run` for the numbers below `count`, computed on all processor cores.
fn jobs<T: Send>(count: usize, run: impl Fn(usize) -> Result<T, Failure> + Sync) -> Result<Vec<T>, Failure> {
    let numbers: Vec<u64> = (0..count as u64).collect();
    in_parallel(&numbers, |number| run(number as usize)).into_iter().collect()
}
