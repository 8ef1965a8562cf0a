//! Commands that write files.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A command with two inputs that give different outputs.
pub struct Case {
    pub name: &'static str,
    pub folder: PathBuf,
    pub outputs: Vec<PathBuf>,
    calls: [Vec<String>; 2],
    program: PathBuf,
}

impl Case {
    fn new(name: &'static str, folder: &Path, outputs: &[&str], call: impl Fn(usize, &str) -> Vec<String>) -> Self {
        let folder = folder.join(name.replace(' ', "_"));
        fs::create_dir_all(&folder).unwrap();
        let outputs: Vec<_> = outputs.iter().map(|output| folder.join(output)).collect();
        let calls = [0, 1].map(|input| call(input, outputs[0].to_str().unwrap()));
        Self { name, folder, outputs, calls, program: env!("CARGO_BIN_EXE_elman").into() }
    }

    pub fn arguments(&self, input: usize) -> Vec<&str> {
        [self.program.to_str().unwrap()].into_iter().chain(self.calls[input].iter().map(String::as_str)).collect()
    }

    pub fn command(&self, input: usize) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.calls[input]).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(ToString::to_string).collect()
}

/// Creates an empty folder for a test.
pub fn folder(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("attack").join(test);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn golden(name: &str) -> String {
    format!("{}/../host-tests/golden/{name}.safetensors", env!("CARGO_MANIFEST_DIR"))
}

/// Two networks that differ in kind and size.
pub const NETWORKS: [&str; 2] = ["gru_i5h17t20_cls", "lstm_i7h17t11_lab_wide"];

fn table(path: &Path, seed: usize) {
    let mut text = "sequence,label,x,y\n".to_string();
    for row in 0..3000 + 500 * seed {
        let _ = writeln!(text, "{},{},{}.25,{}", row / 10, row / 10 % 3, (row * 7 + seed) % 1000, row + seed);
    }
    fs::write(path, text).unwrap();
}

/// Number of inputs of each of the [`NETWORKS`].
const INPUTS: [usize; 2] = [5, 7];

/// Writes a table of as many channels as a network reads.
fn samples(path: &Path, channels: usize) {
    let mut text = (0..channels).map(|channel| format!("x{channel}")).collect::<Vec<_>>().join(",") + "\n";
    for row in 0..200 {
        let cells = (0..channels).map(|channel| format!("{}", (row * 7 + channel * 3) as i32 % 11 - 5));
        text += &(cells.collect::<Vec<_>>().join(",") + "\n");
    }
    fs::write(path, text).unwrap();
}

/// Returns a case for each command that writes, in each of its formats.
pub fn cases(test: &str) -> Vec<Case> {
    let folder = folder(test);
    let input = |name: &str| folder.join(name).to_str().unwrap().to_string();
    (0..2).for_each(|seed| table(Path::new(&input(&format!("{seed}.csv"))), seed));
    for (seed, network) in NETWORKS.iter().enumerate() {
        let image = input(&format!("{seed}.elman"));
        let import =
            Command::new(env!("CARGO_BIN_EXE_elman")).args(["import", &golden(network), "-o", &image]).output();
        assert!(import.unwrap().status.success());
        samples(Path::new(&input(&format!("samples{seed}.csv"))), INPUTS[seed]);
    }
    let csv = |seed: usize| input(&format!("{seed}.csv"));
    let convert = |seed: usize, to: &str| words(&["convert", &csv(seed), to]);
    vec![
        Case::new("import", &folder, &["net.elman", "net.rs"], |seed, to| {
            words(&["import", &golden(NETWORKS[seed]), "-o", to])
        }),
        Case::new("export", &folder, &["net.safetensors"], |seed, to| {
            words(&["export", &input(&format!("{seed}.elman")), "-o", to])
        }),
        Case::new("quantize", &folder, &["small.elman", "small.rs"], |seed, to| {
            words(&["quantize", &input(&format!("{seed}.elman")), &input(&format!("samples{seed}.csv")), "-o", to])
        }),
        Case::new("convert to csv", &folder, &["data.csv"], convert),
        Case::new("convert to npz", &folder, &["data.npz"], convert),
        Case::new("convert to rnnd", &folder, &["data.rnnd"], convert),
        Case::new("describe", &folder, &["scaler.csv"], |seed, to| {
            words(&["describe", &csv(seed), "--normalizer", to])
        }),
        // This test program itself, as a user of the library.
        library("data::write", &folder, "library.csv"),
        library("report", &folder, "page.html"),
    ]
}

fn library(name: &'static str, folder: &Path, output: &str) -> Case {
    let test = "library::writes_what_it_is_told";
    let this = std::env::current_exe().unwrap();
    let call = |seed: usize, to: &str| {
        let [input, output] = [format!("ATTACK_INPUT={seed}"), format!("ATTACK_OUTPUT={to}")];
        words(&[&input, &output, this.to_str().unwrap(), "--exact", test])
    };
    Case { program: "env".into(), ..Case::new(name, folder, &[output], call) }
}
