//! Progress of a training run, without colour: a bar on a terminal, an occasional line elsewhere.

use crate::Epoch;
use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use std::fmt::Write;
use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Interval between the lines of a log.
const EVERY: Duration = Duration::from_secs(5);

/// Weight of the last update in a running mean.
const FRESH: f64 = 0.02;

/// Display of updates done, loss, accuracy, updates per second and time left, on standard error. Several threads
/// may share it.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
    began: Instant,
    so_far: Mutex<SoFar>,
}

#[derive(Debug)]
struct SoFar {
    /// Time of the log's last line; `None` on a terminal, which shows the bar.
    said: Option<Instant>,
    /// Number of updates done by an earlier run.
    skipped: u64,
    /// Smoothed loss.
    loss: Option<f64>,
    /// Smoothed accuracy.
    right: Option<f64>,
    /// Validation figures of the last epoch.
    validation: String,
}

impl Progress {
    /// Creates the progress bar for a run of `updates` updates.
    #[must_use]
    pub fn new(updates: usize) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let target = if terminal { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(updates as u64), target);
        let style = "{bar:30} {pos}/{len} updates  {msg}  {rate}  {eta} left";
        // A template that does not parse leaves the default bar, which shows the same progress with fewer figures.
        if let Ok(style) = ProgressStyle::with_template(style) {
            bar.set_style(style.with_key("rate", rate));
        }
        let said = (!terminal).then(Instant::now);
        let so_far = SoFar { said, skipped: 0, loss: None, right: None, validation: String::new() };
        Self { bar, began: Instant::now(), so_far: Mutex::new(so_far) }
    }

    /// Skips `updates` updates that were done by an earlier run, which this one continues.
    pub fn skip(&self, updates: usize) {
        self.with(|so_far| so_far.skipped += updates as u64);
        self.bar.inc(updates as u64);
        self.bar.reset_eta();
    }

    /// Counts an update with this loss.
    pub fn update(&self, loss: f64) {
        self.learned(loss, None);
    }

    /// Counts an update with this loss and accuracy.
    pub fn learned(&self, loss: f64, accuracy: Option<f64>) {
        self.bar.inc(1);
        self.with(|so_far| {
            so_far.loss = Some(smoothed(so_far.loss, loss));
            so_far.right = accuracy.map(|accuracy| smoothed(so_far.right, accuracy));
            self.show(so_far);
        });
    }

    /// Shows the validation figures of a completed epoch.
    pub fn epoch(&self, epoch: &Epoch) {
        self.with(|so_far| {
            so_far.validation = epoch.valid_loss.map_or(String::new(), |loss| {
                format!("  epoch {}: validation {}", epoch.epoch, figures(loss, epoch.valid_accuracy))
            });
            self.show(so_far);
        });
    }

    /// Returns the number of updates done so far.
    #[must_use]
    pub fn updates(&self) -> u64 {
        self.bar.position()
    }

    /// Ends the bar and leaves it on the screen.
    pub fn finish(self) {
        self.bar.abandon();
        if self.bar.is_hidden() {
            self.with(|so_far| eprintln!("{}", self.line(so_far)));
        }
    }

    /// Ends the bar and removes it from the screen.
    pub fn clear(self) {
        self.bar.finish_and_clear();
    }

    fn with<R>(&self, f: impl FnOnce(&mut SoFar) -> R) -> R {
        f(&mut self.so_far.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Updates the bar and, every few seconds, the log.
    fn show(&self, so_far: &mut SoFar) {
        if let Some(loss) = so_far.loss {
            self.bar.set_message(format!("{}{}", figures(loss, so_far.right), so_far.validation));
        }
        if so_far.said.is_some_and(|said| said.elapsed() >= EVERY) {
            so_far.said = Some(Instant::now());
            eprintln!("{}{}", self.line(so_far), self.left(so_far));
        }
    }

    fn line(&self, so_far: &SoFar) -> String {
        let (done, all) = (self.bar.position(), self.bar.length().unwrap_or(0));
        format!("{done}/{all} updates  {}  {:.0}/s", self.bar.message(), self.per_second(so_far))
    }

    /// Returns the time left as text; empty until an update is done.
    fn left(&self, so_far: &SoFar) -> String {
        let left = self.bar.length().unwrap_or(0).saturating_sub(self.bar.position());
        let left = Duration::try_from_secs_f64(left as f64 / self.per_second(so_far));
        left.map_or_else(|_| String::new(), |left| format!("  {} left", HumanDuration(left)))
    }

    fn per_second(&self, so_far: &SoFar) -> f64 {
        (self.bar.position() - so_far.skipped) as f64 / self.began.elapsed().as_secs_f64().max(1e-9)
    }
}

/// Writes the updates per second, without the four decimals that indicatif would write.
fn rate(state: &ProgressState, to: &mut dyn Write) {
    let _ = write!(to, "{:.0}/s", state.per_sec());
}

fn smoothed(smooth: Option<f64>, fresh: f64) -> f64 {
    smooth.map_or(fresh, |smooth| (1.0 - FRESH) * smooth + FRESH * fresh)
}

fn figures(loss: f64, accuracy: Option<f64>) -> String {
    let right = accuracy.map_or(String::new(), |accuracy| format!(", {:.1} % correct", 100.0 * accuracy));
    format!("loss {loss:.4}{right}")
}
