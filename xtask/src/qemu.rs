//! Programs run on a board in QEMU, with decoded logs.

use crate::boards::Board;
use defmt_decoder::{DecodeError, Frame, StreamDecoder, Table};
use std::fmt;
use std::io::{self, Read};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// Line of the log, such as `INFO text`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Level, such as `INFO`; empty for `defmt::println!`.
    pub level: String,
    pub text: String,
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.level.is_empty() { f.write_str(&self.text) } else { write!(f, "{} {}", self.level, self.text) }
    }
}

/// Result of a program that ended by itself.
#[derive(Debug)]
pub struct Outcome {
    pub exit_code: i32,
    pub lines: Vec<Line>,
    /// Output of the board's serial port.
    pub serial: String,
    /// Run time on the host.
    pub duration: Duration,
}

/// Reason why a run has no [`Outcome`].
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("qemu-system-arm: {0}")]
    Process(#[from] io::Error),
    #[error("{path}: {problem}")]
    Program { path: String, problem: String },
    #[error("stopped after {} s; last line: {}", limit.as_secs_f64(), last(lines))]
    TimedOut { limit: Duration, lines: Vec<Line> },
    #[error("{unreadable} log frames could not be decoded; last line: {}", last(lines))]
    Log { unreadable: usize, lines: Vec<Line> },
    #[error("QEMU itself failed ({status}): {message}; last line: {}", last(lines))]
    Emulator { status: ExitStatus, message: String, lines: Vec<Line> },
}

fn last(lines: &[Line]) -> String {
    lines.last().map_or_else(|| "(none)".into(), Line::to_string)
}

/// Runs the program until it exits or `limit` has passed. Calls `on_line` with each line as soon as it arrives.
pub fn run(board: &Board, elf: &Path, limit: Duration, on_line: impl FnMut(&Line)) -> Result<Outcome, Error> {
    let table = table(elf)?;
    let start = Instant::now();
    let serial = elf.with_added_extension("serial");
    let mut process = Process::start(board, elf, &serial)?;
    let mut log = Log { decoder: table.new_stream_decoder(), lines: Vec::new(), unreadable: 0, whole: true, on_line };
    let output = stream(process.output()?);
    let message = process.message()?;
    // Wait for the end of the output rather than of the process, so that the last lines are read too.
    let timed_out = loop {
        match output.recv_timeout(limit.saturating_sub(start.elapsed())) {
            Ok(bytes) => log.receive(&bytes?),
            Err(RecvTimeoutError::Disconnected) => break false,
            Err(RecvTimeoutError::Timeout) => break true,
        }
    };
    if timed_out {
        process.end()?;
        output.iter().flatten().for_each(|bytes| log.receive(&bytes));
        return Err(Error::TimedOut { limit, lines: log.lines });
    }
    let status = process.0.wait()?;
    let unreadable = log.unreadable + usize::from(!log.whole);
    let lines = log.lines;
    match status.code() {
        None | Some(EMULATOR_FAILED) => {
            let message = message.join().unwrap_or_default();
            Err(Error::Emulator { status, message: message.trim().into(), lines })
        }
        Some(_) if unreadable > 0 => Err(Error::Log { unreadable, lines }),
        Some(exit_code) => {
            let serial = String::from_utf8_lossy(&std::fs::read(serial)?).into_owned();
            Ok(Outcome { exit_code, lines, serial, duration: start.elapsed() })
        }
    }
}

/// QEMU's own exit code if it cannot continue; no program of ours ends with this code.
const EMULATOR_FAILED: i32 = 1;

fn table(elf: &Path) -> Result<Table, Error> {
    let problem = |problem: String| Error::Program { path: elf.display().to_string(), problem };
    let bytes = std::fs::read(elf).map_err(|error| problem(error.to_string()))?;
    let table = Table::parse(&bytes).map_err(|error| problem(error.to_string()))?;
    table.ok_or_else(|| problem("has no defmt section".into()))
}

/// Process of the emulator. Dropping it ends the process.
struct Process(Child);

impl Process {
    /// Starts the emulator. The board's serial port writes to the file `serial`.
    fn start(board: &Board, elf: &Path, serial: &Path) -> io::Result<Self> {
        let mut qemu = Command::new("qemu-system-arm");
        qemu.args(["-M", board.name, "-nographic", "-monitor", "none", "-serial"]);
        qemu.arg(format!("file:{}", serial.display()));
        qemu.args(["-semihosting-config", "enable=on,target=native", "-icount", "shift=0", "-kernel"]).arg(elf);
        Ok(Self(qemu.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?))
    }

    fn output(&mut self) -> io::Result<ChildStdout> {
        self.0.stdout.take().ok_or_else(|| io::Error::other("no standard output"))
    }

    /// Collects QEMU's own messages. They are read as they arrive, so that a full pipe never stops the
    /// emulator.
    fn message(&mut self) -> io::Result<JoinHandle<String>> {
        let stderr = self.0.stderr.take().ok_or_else(|| io::Error::other("no standard error"))?;
        Ok(thread::spawn(move || io::read_to_string(stderr).unwrap_or_default()))
    }

    fn end(&mut self) -> io::Result<ExitStatus> {
        self.0.kill()?;
        self.0.wait()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // As a rule the process has ended already, and this does nothing.
        let _ = self.end();
    }
}

/// Streams the bytes of a reader as they arrive; the channel closes at the end of the input.
fn stream(mut reader: impl Read + Send + 'static) -> Receiver<io::Result<Vec<u8>>> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut buffer = [0; 4096];
        loop {
            let bytes = match reader.read(&mut buffer) {
                Ok(0) => return,
                Ok(length) => Ok(buffer[..length].to_vec()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => Err(error),
            };
            let failed = bytes.is_err();
            if sender.send(bytes).is_err() || failed {
                return;
            }
        }
    });
    receiver
}

struct Log<'t, F> {
    decoder: Box<dyn StreamDecoder + Send + Sync + 't>,
    lines: Vec<Line>,
    unreadable: usize,
    /// Set if the bytes so far end with a complete frame.
    whole: bool,
    on_line: F,
}

impl<F: FnMut(&Line)> Log<'_, F> {
    fn receive(&mut self, bytes: &[u8]) {
        self.whole = bytes.last().map_or(self.whole, |&byte| byte == FRAME_END);
        self.decoder.received(bytes);
        loop {
            let line = match self.decoder.decode() {
                Ok(frame) => line(&frame),
                Err(DecodeError::UnexpectedEof) => return,
                Err(DecodeError::Malformed) => {
                    self.unreadable += 1;
                    continue;
                }
            };
            (self.on_line)(&line);
            self.lines.push(line);
        }
    }
}

/// Byte that ends each frame in defmt's framing (rzCOBS) and occurs nowhere else.
const FRAME_END: u8 = 0;

fn line(frame: &Frame<'_>) -> Line {
    let level = frame.level().map_or_else(String::new, |level| level.as_str().to_uppercase());
    Line { level, text: frame.display_message().to_string() }
}
