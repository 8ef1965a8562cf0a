//! Tables of sizes and costs, printed and compared with the README.

use elman::cell::{LowRank, Recurrent};
use elman::optim::InPlaceSgd;
use elman::parameters::{Path, Role};
use elman::{Adam, Dense, Elman, FastGrnn, Gru, Libm, Lstm, Mgu, Network, Parameters, Part, Trainer, Workspace, Zero};
use host_tests::readme;

struct Row {
    name: String,
    steps: usize,
    parameters: usize,
    multiply_adds: usize,
    weights: usize,
    state: usize,
    tape_step: usize,
    in_place: usize,
    adam: usize,
}

impl Row {
    /// Returns the row for sequences of `T` steps with `S` targets.
    fn of<const I: usize, const H: usize, const K: usize, const T: usize, const S: usize>() -> Self {
        type Net<const I: usize, const H: usize, const K: usize> = Network<Elman<I, H>, Dense<H, K>>;
        Self {
            name: format!("`Elman<{I}, {H}>`, `Dense<{H}, {K}>`"),
            steps: T,
            parameters: Net::<I, H, K>::COUNT,
            multiply_adds: H * (I + H) + K * H,
            weights: size_of::<Net<I, H, K>>(),
            state: size_of::<<Elman<I, H> as Part>::State>(),
            tape_step: size_of::<<Elman<I, H> as Recurrent>::Record>(),
            in_place: Trainer::<Workspace<Net<I, H, K>, InPlaceSgd, T, S>>::BYTES,
            adam: Trainer::<Workspace<Net<I, H, K>, Adam, T, S>>::BYTES,
        }
    }

    fn line(&self) -> String {
        format!(
            "| {} | {} | {} | {} | {} | {} | {} | {} | {} |",
            self.name,
            self.parameters,
            self.multiply_adds,
            self.weights,
            self.state,
            self.tape_step,
            self.steps,
            self.in_place,
            self.adam
        )
    }
}

#[test]
fn table_of_the_readme() {
    let rows = [
        Row::of::<12, 32, 9, 29, 1>(),
        Row::of::<6, 32, 4, 100, 1>(),
        Row::of::<16, 64, 8, 50, 1>(),
        Row::of::<32, 32, 32, 16, 16>(),
        Row::of::<65, 100, 65, 25, 25>(),
    ];
    let head = "| network | parameters | multiply-adds a step | weights | state | tape | T | training, in-place SGD | training, Adam |\n\
        |---|---:|---:|---:|---:|---:|---:|---:|---:|";
    let table = rows.iter().fold(head.to_string(), |table, row| table + "\n" + &row.line());
    println!("{table}");
    assert!(readme().contains(&table), "the README's table of sizes differs from this one:\n{table}");
}

/// Returns a row of the table of cells, for a cell with 32 units and 12 inputs.
fn cell<C: Recurrent + Zero>(name: &str) -> String {
    let (mut products, mut count) = (0, 0);
    C::ZERO.view(Path::ROOT, &mut |tensor, numbers| {
        count += numbers.len();
        // A step reads each weight once.
        products += if tensor.role == Role::Bias { 0 } else { numbers.len() };
    });
    assert_eq!(count, C::COUNT, "{name}");
    let (state, record) = (size_of::<C::State>(), size_of::<C::Record>());
    format!("| {name} | {count} | {products} | {} | {state} | {record} |", 4 * count)
}

#[test]
fn table_of_cells() {
    let rows = [
        cell::<Elman<12, 32>>("`Elman<12, 32>`"),
        cell::<FastGrnn<12, 32, Libm<f32>, LowRank<4>, LowRank<8>>>("`FastGrnn<12, 32, Libm, LowRank<4>, LowRank<8>>`"),
        cell::<FastGrnn<12, 32>>("`FastGrnn<12, 32>`"),
        cell::<Mgu<12, 32>>("`Mgu<12, 32>`"),
        cell::<Gru<12, 32>>("`Gru<12, 32>`"),
        cell::<Lstm<12, 32>>("`Lstm<12, 32>`"),
    ];
    let head = "| cell | parameters | multiply-adds a step | weights | state | tape |\n|---|---:|---:|---:|---:|---:|";
    let table = rows.iter().fold(head.to_string(), |table, row| table + "\n" + row);
    println!("{table}");
    assert!(readme().contains(&table), "the README's table of cells differs from this one:\n{table}");
}
