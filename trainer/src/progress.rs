//! A progress bar for a training run: on a terminal a bar, elsewhere a line now and then.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::time::{Duration, Instant};

/// How often a log gets a line.
const EVERY: Duration = Duration::from_secs(5);

/// Updates done, loss, updates per second and time left, on standard error.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
    /// When a log got its last line; `None` on a terminal, which shows the bar.
    said: Option<Instant>,
    smooth: Option<f64>,
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
        Self { bar, said: (!terminal).then(Instant::now), smooth: None }
    }

    /// One update with this loss is done.
    pub fn update(&mut self, loss: f64) {
        let smooth = self.smooth.map_or(loss, |smooth| 0.98 * smooth + 0.02 * loss);
        self.smooth = Some(smooth);
        self.bar.inc(1);
        self.bar.set_message(format!("loss {smooth:.4}"));
        if self.said.is_some_and(|said| said.elapsed() >= EVERY) {
            self.said = Some(Instant::now());
            self.say();
        }
    }

    /// The run is over.
    pub fn finish(self) {
        self.bar.finish();
        if self.said.is_some() {
            self.say();
        }
    }

    fn say(&self) {
        let (done, all) = (self.bar.position(), self.bar.length().unwrap_or(0));
        let (loss, rate) = (self.bar.message(), done as f64 / self.bar.elapsed().as_secs_f64().max(1e-9));
        eprintln!("{done}/{all} updates, {loss}, {rate:.0} updates/s");
    }
}
