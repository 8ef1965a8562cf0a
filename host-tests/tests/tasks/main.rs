//! Tasks: classification, labels, forecasts, generation, scores, and the metrics of each.

mod classify;
mod forecast;
mod generate;
mod hello;
mod integers;
mod label;
mod metrics;
mod score;
mod sentiment;
