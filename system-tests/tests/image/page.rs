//! The Python of `docs/image-format.md`, as it stands there, runs images of networks in integers with the bits of the core.

use elman::cell::Relu;
use elman::dense::Readout;
use elman::image::{Architecture, Probe, ProbeInput};
use elman::int8::{self, PerGate, PerUnit, Quantize, Scaling};
use elman::math::Zero;
use elman::{Elman, Gru, Libm, Lstm, Mgu, Network, Part, ResetBeforeGru, Stacked, Step, Token};
use host_tests::Noise;
use host_tests::image::written;
use host_tests::integers::{inputs, quantized};
use std::io::Write;
use std::process::{Command, Stdio};

/// Reads the probe of each image that standard input lists: the kind of its inputs, then the image, each as one word.
const JUDGE: &str = r#"
import sys

for line in sys.stdin:
    kind, image = line.split()
    image = bytes.fromhex(image)
    text, _, sections = read(image)
    probe = sections["PROB"]
    steps, outputs = struct.unpack_from("<2I", probe)
    expected, at = probe[12 : 12 + 4 * outputs], 12 + 4 * outputs
    numbers = struct.unpack_from(f"<{(len(probe) - at) // struct.calcsize(kind)}{kind}", probe, at)
    each = len(numbers) // steps
    xs = numbers if kind == "H" else [list(numbers[n * each :][:each]) for n in range(steps)]
    found = run(image, list(xs))
    assert struct.pack(f"<{outputs}f", *found) == expected, f"{text} {kind}: {found}"
    print(text, kind)
"#;

/// Returns the Python code in `docs/image-format.md`.
fn page() -> String {
    let page = include_str!("../../../docs/image-format.md");
    page.split("```python\n").skip(1).map(|block| block.split("```").next().unwrap()).collect()
}

/// A line for the judge.
fn asked<C, X, S: Scaling, const H: usize>(kind: &str, network: &Network<C, int8::Dense<H, 3, S>>, xs: &[X]) -> String
where
    C: Architecture<Real = f32> + Step<X> + Part<Output = [i16; H], Math = Libm>,
    int8::Dense<H, 3, S>: Readout<[i16; H], Output = [f32; 3]>,
    X: ProbeInput<f32>,
{
    let probe = Probe { input: xs, expected: network.predict(xs).unwrap(), tolerance: 0.0 };
    let hex: String = written(network, &[&probe]).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{kind} {hex}\n")
}

/// Lines with real and whole inputs, for a scale for each gate and for each unit.
fn both<C, const I: usize, const H: usize>() -> String
where
    C: Quantize<[f32; I]> + Step<[f32; I]> + Zero,
    C::Int8<PerGate>: Architecture<Real = f32> + Step<[f32; I]> + Step<[i16; I]> + Part<Output = [i16; H], Math = Libm>,
    C::Int8<PerUnit>: Architecture<Real = f32> + Step<[f32; I]> + Step<[i16; I]> + Part<Output = [i16; H], Math = Libm>,
{
    let real = inputs::<I>(7, 30);
    let whole: Vec<[i16; I]> = real.iter().map(|x| x.map(|x| (x * 40_000.0) as i16)).collect();
    let (gate, unit) = (
        quantized::<C, [f32; I], PerGate, H, 3>(1, &real[..20]),
        quantized::<C, [f32; I], PerUnit, H, 3>(2, &real[..20]),
    );
    [asked("f", &gate, &real), asked("h", &gate, &whole), asked("f", &unit, &real), asked("h", &unit, &whole)].concat()
}

#[test]
fn the_page_runs_networks_in_integers() {
    let tokens = Noise(3).classes::<11>(20);
    let of_tokens = quantized::<Gru<11, 6>, Token<11>, PerUnit, 6, 3>(1, &tokens);
    let lines = [
        both::<Elman<1, 1>, 1, 1>(),
        both::<Elman<5, 9, Libm, 2, Relu>, 5, 9>(),
        both::<Gru<3, 10>, 3, 10>(),
        both::<ResetBeforeGru<4, 7>, 4, 7>(),
        both::<Lstm<6, 5, Libm, 2>, 6, 5>(),
        both::<Mgu<3, 6>, 3, 6>(),
        both::<Stacked<Lstm<2, 4>, Stacked<Elman<4, 5, Libm, 1, Relu>, Gru<5, 3>>>, 2, 3>(),
        asked("H", &of_tokens, &tokens),
    ];
    let mut python = Command::new("python3")
        .args(["-c", &[page(), JUDGE.to_string()].concat()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("this proof needs python3, without any package");
    python.stdin.take().unwrap().write_all(lines.concat().as_bytes()).unwrap();
    let said = python.wait_with_output().unwrap();
    assert!(said.status.success(), "an output differs, see above");
    assert_eq!(String::from_utf8_lossy(&said.stdout).lines().count(), 7 * 4 + 1);
}
