//! Report on steps that are run one after another.

use anyhow::Result;
use std::time::{Duration, Instant};

/// Steps run so far.
pub struct Report {
    word: String,
    done: Vec<Step>,
    left_out: Vec<String>,
}

struct Step {
    name: String,
    duration: Duration,
    failure: Option<String>,
}

impl Report {
    /// Creates a report that runs the steps whose name contains `word`.
    pub fn new(word: &str) -> Self {
        Self { word: word.into(), done: Vec::new(), left_out: Vec::new() }
    }

    /// Returns `true` if a step of this name will run.
    pub fn wants(&self, name: &str) -> bool {
        name.contains(&self.word)
    }

    /// Runs one step. A failure is recorded and does not prevent later steps.
    pub fn step(&mut self, name: impl Into<String>, run: impl FnOnce() -> Result<()>) {
        let name = name.into();
        if !self.wants(&name) {
            return;
        }
        println!("\n=== {name}");
        let start = Instant::now();
        let failure = run().err().map(|error| format!("{error:#}"));
        let step = Step { name, duration: start.elapsed(), failure };
        println!("{}", step.line());
        self.done.push(step);
    }

    /// Records that a step is skipped, and what it needs.
    pub fn leave_out(&mut self, name: impl Into<String>, needs: &str) {
        let name = name.into();
        if self.wants(&name) {
            self.left_out.push(format!("skipped         {name}: {needs}"));
        }
    }

    /// Prints the summary. Returns `true` if at least one step ran and none failed.
    pub fn finish(self) -> bool {
        let total: Duration = self.done.iter().map(|step| step.duration).sum();
        println!("\n=== summary, {:.1} s", total.as_secs_f64());
        self.done.iter().for_each(|step| println!("{}", step.line()));
        self.left_out.iter().for_each(|line| println!("{line}"));
        let failed = self.done.iter().filter(|step| step.failure.is_some()).count();
        println!("{} passed, {failed} failed, {} skipped", self.done.len() - failed, self.left_out.len());
        failed == 0 && !self.done.is_empty()
    }
}

impl Step {
    fn line(&self) -> String {
        let seconds = self.duration.as_secs_f64();
        match &self.failure {
            None => format!("ok     {seconds:6.1} s  {}", self.name),
            Some(failure) => format!("FAILED {seconds:6.1} s  {}: {failure}", self.name),
        }
    }
}
