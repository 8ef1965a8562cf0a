//! Headless Chromium, driven through its DevTools protocol over a pair of pipes.

use crate::setup;
use anyhow::{Context, Result, bail, ensure};
use base64::prelude::{BASE64_STANDARD, Engine};
use serde_json::{Value, json};
use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

/// Switches for a browser that makes no requests of its own, asks no questions and leaves no traces.
const SWITCHES: [&str; 13] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--hide-scrollbars",
    "--no-default-browser-check",
    "--no-first-run",
    "--remote-debugging-pipe",
];

/// Longest time that a request may take.
const LIMIT: Duration = Duration::from_secs(60);

/// Browser with one page. Dropping it ends the process.
pub struct Browser {
    process: Child,
    directory: PathBuf,
    requests: File,
    answers: Receiver<Value>,
    session: Option<String>,
    asked: u64,
    events: Vec<Value>,
}

impl Browser {
    /// Starts the browser with a new profile of its own in `directory`.
    pub fn start(directory: PathBuf) -> Result<Self> {
        let program = setup::browser()?;
        let _ = fs::remove_dir_all(&directory);
        fs::create_dir_all(&directory)?;
        let [to, from] = ["to", "from"].map(|name| directory.join(name));
        ensure!(Command::new("mkfifo").args([&to, &from]).status()?.success(), "mkfifo failed");
        // A shell opens the pipes as the descriptors 3 and 4 that the browser expects, and becomes the browser.
        let mut shell = Command::new("sh");
        shell.args(["-c", r#"exec "$@" 3<"$TO" 4>"$FROM""#, "sh", program]).args(SWITCHES);
        shell.arg(format!("--user-data-dir={}", directory.join("profile").display())).arg("about:blank");
        shell.env("TO", &to).env("FROM", &from).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let process = shell.spawn().context("could not start a shell")?;
        let requests = OpenOptions::new().write(true).open(&to)?;
        let answers = stream(File::open(&from)?);
        let mut browser = Self { process, directory, requests, answers, session: None, asked: 0, events: Vec::new() };
        browser.attach()?;
        Ok(browser)
    }

    fn attach(&mut self) -> Result<()> {
        let target = self.ask("Target.createTarget", json!({ "url": "about:blank" }))?;
        let session = self.ask("Target.attachToTarget", json!({ "targetId": target["targetId"], "flatten": true }))?;
        self.session = session["sessionId"].as_str().map(str::to_string);
        for domain in ["Page", "Runtime", "Log", "Network"] {
            self.ask(&format!("{domain}.enable"), json!({}))?;
        }
        Ok(())
    }

    /// Opens a file and waits until it is loaded. Returns the problems that occurred meanwhile: requests for
    /// other files, and messages in the console.
    pub fn open(&mut self, page: &Path) -> Result<Vec<String>> {
        let url = format!("file://{}", page.canonicalize()?.display());
        self.events.clear();
        self.ask("Page.navigate", json!({ "url": url }))?;
        let start = Instant::now();
        while !self.events.iter().any(|event| event["method"] == "Page.loadEventFired") {
            ensure!(start.elapsed() < LIMIT, "{url} did not load within {} s", LIMIT.as_secs());
            self.wait(LIMIT)?;
        }
        // Wait for what the page starts once it is loaded.
        thread::sleep(Duration::from_millis(500));
        self.evaluate("0")?;
        Ok(self.events.iter().filter_map(|event| complaint(event, &url)).collect())
    }

    /// Sets the width of the page and its colour scheme, `light` or `dark`.
    pub fn show(&mut self, width: u32, scheme: &str) -> Result<()> {
        let metrics = json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
        self.ask("Emulation.setDeviceMetricsOverride", metrics)?;
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.ask("Emulation.setEmulatedMedia", json!({ "features": features }))?;
        Ok(())
    }

    /// Returns the value of a JavaScript expression.
    pub fn evaluate(&mut self, expression: &str) -> Result<Value> {
        let answer = self.ask("Runtime.evaluate", json!({ "expression": expression, "returnByValue": true }))?;
        ensure!(answer.get("exceptionDetails").is_none(), "{}", answer["exceptionDetails"]);
        Ok(answer["result"]["value"].clone())
    }

    /// Returns a PNG of the part of the page at x, y with the given width and height.
    pub fn picture(&mut self, [x, y, width, height]: [f64; 4]) -> Result<Vec<u8>> {
        let clip = json!({ "x": x, "y": y, "width": width, "height": height, "scale": 1 });
        let answer = self.ask("Page.captureScreenshot", json!({ "clip": clip, "captureBeyondViewport": true }))?;
        Ok(BASE64_STANDARD.decode(answer["data"].as_str().context("the browser returned no picture")?)?)
    }

    /// Calls a method of the protocol and returns its result.
    fn ask(&mut self, method: &str, parameters: Value) -> Result<Value> {
        self.asked += 1;
        let mut request = json!({ "id": self.asked, "method": method, "params": parameters });
        if let Some(session) = &self.session {
            request["sessionId"] = json!(session);
        }
        self.requests.write_all(format!("{request}\0").as_bytes())?;
        let start = Instant::now();
        loop {
            let left = LIMIT.saturating_sub(start.elapsed());
            if let Some(mut answer) = self.wait(left).with_context(|| method.to_string())? {
                ensure!(answer.get("error").is_none(), "{method}: {}", answer["error"]["message"]);
                return Ok(answer["result"].take());
            }
        }
    }

    /// Waits for the answer to the last request. Returns `None` for any other message, which is stored.
    fn wait(&mut self, limit: Duration) -> Result<Option<Value>> {
        match self.answers.recv_timeout(limit) {
            Ok(message) if message["id"] == self.asked => Ok(Some(message)),
            Ok(message) => {
                self.events.push(message);
                Ok(None)
            }
            Err(RecvTimeoutError::Timeout) => bail!("the browser did not answer within {} s", LIMIT.as_secs()),
            Err(RecvTimeoutError::Disconnected) => bail!("the browser exited"),
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // A browser that is asked to close ends its own processes; a killed browser could not.
        self.session = None;
        let closed = self.ask("Browser.close", json!({}));
        let start = Instant::now();
        while closed.is_ok() && start.elapsed() < Duration::from_secs(10) {
            if let Ok(Some(_)) = self.process.try_wait() {
                break;
            }
            thread::sleep(Duration::from_millis(20));
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.directory);
    }
}

/// Returns the problem that an event reports, if any.
fn complaint(event: &Value, page: &str) -> Option<String> {
    let parameters = &event["params"];
    match event["method"].as_str()? {
        "Network.requestWillBeSent" => {
            let url = parameters["request"]["url"].as_str()?;
            (url != page && !url.starts_with("data:")).then(|| format!("a request to {url}"))
        }
        "Log.entryAdded" => Some(format!("the log says: {}", parameters["entry"]["text"])),
        "Runtime.consoleAPICalled" => Some(format!("the console says: {}", parameters["args"])),
        "Runtime.exceptionThrown" => Some(format!("a script failed: {}", parameters["exceptionDetails"]["text"])),
        _ => None,
    }
}

/// Receives messages, each terminated by a zero byte.
fn stream(reader: File) -> Receiver<Value> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for message in BufReader::new(reader).split(0) {
            let Some(message) = message.ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()) else { return };
            if sender.send(message).is_err() {
                return;
            }
        }
    });
    receiver
}
