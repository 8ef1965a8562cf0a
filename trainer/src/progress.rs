//! A progress bar for a training run: on a terminal a bar, elsewhere a line now and then.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How often a log gets a line.
const EVERY: Duration = Duration::from_secs(5);

/// Updates done, loss, updates per second and time left, on standard error. Several threads may share one.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
    so_far: Mutex<SoFar>,
}

#[derive(Debug)]
struct SoFar {
    /// When a log got its last line; `None` on a terminal, which shows the bar.
    said: Option<Instant>,
    /// The loss, smoothed.
    loss: Option<f64>,
}

impl Progress {
    /// For a run of so many updates.
    #[must_use]
    pub fn new(updates: usize) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let target = if terminal { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(updates as u64), target);
        let style = "{bar:30} {pos}/{len} updates  {msg}  {per_sec}  {eta} left";
        // A template that does not parse leaves the default bar, which shows the same progress with fewer figures.
        if let Ok(style) = ProgressStyle::with_template(style) {
            bar.set_style(style);
        }
        Self { bar, so_far: Mutex::new(SoFar { said: (!terminal).then(Instant::now), loss: None }) }
    }

    /// One update with this loss is done.
    pub fn update(&self, loss: f64) {
        let mut so_far = self.so_far.lock().unwrap_or_else(PoisonError::into_inner);
        let smooth = so_far.loss.map_or(loss, |smooth| 0.98 * smooth + 0.02 * loss);
        so_far.loss = Some(smooth);
        self.bar.inc(1);
        self.bar.set_message(format!("loss {smooth:.4}"));
        if so_far.said.is_some_and(|said| said.elapsed() >= EVERY) {
            so_far.said = Some(Instant::now());
            self.say();
        }
    }

    /// The run is over.
    pub fn finish(self) {
        self.bar.finish();
        if self.bar.is_hidden() {
            self.say();
        }
    }

    /// The run is over, and its bar makes room for what comes next.
    pub fn clear(self) {
        self.bar.finish_and_clear();
    }

    fn say(&self) {
        let (done, all) = (self.bar.position(), self.bar.length().unwrap_or(0));
        let (loss, rate) = (self.bar.message(), done as f64 / self.bar.elapsed().as_secs_f64().max(1e-9));
        eprintln!("{done}/{all} updates, {loss}, {rate:.0} updates/s");
    }
}
