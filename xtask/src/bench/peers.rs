//! Cost of the same work in other libraries, recorded for comparison and not measured here.

/// Source of the figures.
pub const SOURCE: &str = "The peers' figures were measured once, in the same way: QEMU 7.2, `-icount shift=0`, a timer around N calls \
after one warm-up, less the call overhead; C and C++ built by arm-none-eabi-gcc 12.2 with `-O3 -mcpu=cortex-m4 \
-mfpu=fpv4-sp-d16 -mfloat-abi=hard`, weights static, the same weights and inputs. CMSIS-DSP and the hand-written C call newlib's \
`tanhf` and `expf`. Cycles are the same estimate from the same kind of trace. KANN's GRU resets before the product; the others' \
and ours reset after it. The figures are in `xtask/src/bench/peers.rs`.";

/// Numbers of inputs and units of the measured steps.
pub const SHAPES: [(u64, u64); 3] = [(6, 32), (16, 64), (28, 128)];

/// Cost of a step for each of [`SHAPES`].
pub struct Steps {
    pub cell: &'static str,
    pub peer: &'static str,
    pub figures: [u64; 3],
}

const fn steps(cell: &'static str, peer: &'static str, figures: [u64; 3]) -> Steps {
    Steps { cell, peer, figures }
}

/// Instructions of a step in `f32` on a Cortex-M4F.
pub const INSTRUCTIONS: [Steps; 11] = [
    steps("Elman", "hand-written C", [8_824, 29_144, 112_542]),
    steps("Elman", "CMSIS-DSP", [6_656, 20_778, 68_355]),
    steps("Elman", "KANN", [11_554, 35_458, 117_948]),
    steps("GRU", "CMSIS-DSP", [18_722, 59_442, 198_054]),
    steps("GRU", "RTNeural (Eigen)", [17_870, 55_000, 200_626]),
    steps("GRU", "RTNeural (STL)", [26_032, 86_400, 336_576]),
    steps("GRU", "KANN", [35_158, 106_758, 355_862]),
    steps("LSTM", "CMSIS-DSP", [26_297, 81_965, 269_768]),
    steps("LSTM", "RTNeural (Eigen)", [22_866, 71_964, 268_186]),
    steps("LSTM", "CMSIS-NN", [36_622, 126_940, 448_286]),
    steps("LSTM", "KANN", [48_564, 146_372, 482_414]),
];

/// Estimated cycles of a step in `f32` on a Cortex-M4F.
pub const CYCLES: [Steps; 5] = [
    steps("Elman", "CMSIS-DSP", [14_562, 46_644, 155_815]),
    steps("GRU", "CMSIS-DSP", [40_789, 133_566, 455_617]),
    steps("GRU", "RTNeural (Eigen)", [34_733, 108_851, 389_497]),
    steps("LSTM", "CMSIS-DSP", [57_582, 185_461, 621_456]),
    steps("LSTM", "RTNeural (Eigen)", [46_374, 145_189, 523_073]),
];

/// Estimated cycles of a step in integers on a Cortex-M4F: CMSIS-NN's LSTM with its default options, and our own GRU
/// in `f32`, recorded before there was a GRU in integers.
pub const INTEGERS: [Steps; 2] = [
    steps("LSTM", "CMSIS-NN, 8 bits", [38_596, 100_099, 294_700]),
    steps("GRU", "elman, f32", [21_113, 67_507, 233_639]),
];

/// Instructions of a step on a Cortex-M55 with vector floats.
pub const HELIUM: [Steps; 2] =
    [steps("GRU", "CMSIS-DSP", [12_326, 29_144, 75_869]), steps("LSTM", "CMSIS-DSP", [15_972, 37_904, 99_336])];

/// Returns the peer with the lowest cost for a cell and a shape, and that cost.
pub fn best(peers: &[Steps], cell: &str, shape: usize) -> Option<(&'static str, u64)> {
    let of_cell = peers.iter().filter(|steps| steps.cell == cell);
    let figures = of_cell.filter_map(|steps| Some((steps.peer, *steps.figures.get(shape)?)));
    figures.min_by_key(|(_, figure)| *figure)
}

/// Cost of training on one sequence of 16 steps, with 32 symbols and 32 units.
pub struct Learning {
    pub cell: &'static str,
    pub peer: &'static str,
    /// Costs of the phases named by `bench`.
    pub figures: [(&'static str, u64); 4],
    /// Total memory in bytes.
    pub ram: u64,
}

const fn learning(
    cell: &'static str,
    peer: &'static str,
    [forward, backward, clip, update]: [u64; 4],
    ram: u64,
) -> Learning {
    let figures =
        [("forward", forward), ("forward+backward", backward), ("clip", clip), ("clip+RMSprop", clip + update)];
    Learning { cell, peer, figures, ram }
}

/// Instructions for training on a Cortex-M4F. KANN's memory is on the heap.
pub const LEARNING: [Learning; 5] = [
    learning("Elman", "hand-written C, index one-hot", [249_920, 607_144, 12_552, 56_456], 44_160),
    learning("Elman", "hand-written C, dense one-hot", [331_928, 786_912, 12_552, 56_456], 44_160),
    learning("Elman", "KANN", [433_072, 1_014_488, 231_312, 56_480], 99_408),
    learning("GRU", "KANN", [922_880, 2_237_904, 526_272, 131_360], 242_768),
    learning("LSTM", "KANN", [1_197_808, 2_847_904, 674_216, 168_800], 300_112),
];

/// Estimated cycles for training on a Cortex-M4F.
pub const LEARNING_CYCLES: Learning =
    learning("Elman", "hand-written C, index one-hot", [530_782, 530_782 + 762_783, 28_263, 172_518], 44_160);
