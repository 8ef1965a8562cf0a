//! Table of all boards: `build.rs` turns a row into a memory map, and `cargo xtask` turns it into a build and a
//! QEMU command.
//!
//! Addresses and sizes are those of the real part, even if QEMU has more memory, so a program that links also
//! fits the real part.

/// Contiguous memory: first address and size in bytes.
pub struct Region {
    pub origin: u32,
    pub size: u32,
}

/// Serial port: its driver in `src/uart.rs`, and the first address of its registers.
pub struct Serial {
    pub driver: &'static str,
    pub base: u32,
}

/// Board with its core, memory and serial port.
pub struct Board {
    /// Name of the QEMU machine, which is also our name for the board.
    pub name: &'static str,
    pub core: &'static str,
    /// Target triple.
    pub target: &'static str,
    /// Flags for rustc.
    pub rustflags: &'static [&'static str],
    /// Frequency of the core clock, whose ticks SysTick counts.
    pub clock_hz: u32,
    pub flash: Region,
    pub ram: Region,
    /// Number of bytes at the start of RAM reserved for the stack.
    pub stack: u32,
    /// Port that QEMU connects first.
    pub serial: Serial,
    /// Set if QEMU faults on an access outside memory, as the real part does. Otherwise, start-up configures the MPU
    /// to do so.
    pub bus_faults: bool,
}

/// Board used by a plain `cargo build`.
pub const DEFAULT: &str = "netduinoplus2";

const KIB: u32 = 1024;
const MIB: u32 = 1024 * KIB;

/// All boards, sorted by core.
pub const BOARDS: [Board; 7] = [
    Board {
        name: "microbit",
        core: "Cortex-M0",
        target: "thumbv6m-none-eabi",
        rustflags: &["-Ctarget-cpu=cortex-m0"],
        clock_hz: 16_000_000,
        flash: Region { origin: 0x0000_0000, size: 256 * KIB },
        ram: Region { origin: 0x2000_0000, size: 16 * KIB },
        stack: 4 * KIB,
        serial: Serial { driver: "Nrf51", base: 0x4000_2000 },
        bus_faults: true,
    },
    Board {
        name: "lm3s6965evb",
        core: "Cortex-M3",
        target: "thumbv7m-none-eabi",
        rustflags: &["-Ctarget-cpu=cortex-m3"],
        clock_hz: 12_500_000,
        flash: Region { origin: 0x0000_0000, size: 256 * KIB },
        ram: Region { origin: 0x2000_0000, size: 64 * KIB },
        stack: 8 * KIB,
        serial: Serial { driver: "Pl011", base: 0x4000_c000 },
        bus_faults: false,
    },
    Board {
        name: "netduinoplus2",
        core: "Cortex-M4F",
        target: "thumbv7em-none-eabihf",
        rustflags: &["-Ctarget-cpu=cortex-m4"],
        clock_hz: 168_000_000,
        flash: Region { origin: 0x0800_0000, size: MIB },
        ram: Region { origin: 0x2000_0000, size: 128 * KIB },
        stack: 16 * KIB,
        serial: Serial { driver: "Stm32", base: 0x4001_1000 },
        bus_faults: true,
    },
    Board {
        name: "mps2-an386",
        core: "Cortex-M4F",
        target: "thumbv7em-none-eabihf",
        rustflags: &["-Ctarget-cpu=cortex-m4"],
        clock_hz: 25_000_000,
        flash: Region { origin: 0x0000_0000, size: 4 * MIB },
        ram: Region { origin: 0x2000_0000, size: 4 * MIB },
        stack: 64 * KIB,
        serial: Serial { driver: "Cmsdk", base: 0x4000_4000 },
        bus_faults: true,
    },
    Board {
        name: "mps2-an500",
        core: "Cortex-M7",
        target: "thumbv7em-none-eabihf",
        rustflags: &["-Ctarget-cpu=cortex-m7"],
        clock_hz: 25_000_000,
        flash: Region { origin: 0x0000_0000, size: 4 * MIB },
        ram: Region { origin: 0x2000_0000, size: 4 * MIB },
        stack: 64 * KIB,
        serial: Serial { driver: "Cmsdk", base: 0x4000_4000 },
        bus_faults: true,
    },
    Board {
        name: "mps2-an505",
        core: "Cortex-M33",
        target: "thumbv8m.main-none-eabihf",
        rustflags: &["-Ctarget-cpu=cortex-m33"],
        clock_hz: 20_000_000,
        flash: Region { origin: 0x1000_0000, size: 4 * MIB },
        ram: Region { origin: 0x3800_0000, size: 2 * MIB },
        stack: 64 * KIB,
        // The secure one of the two addresses, since nothing here leaves the secure state.
        serial: Serial { driver: "Cmsdk", base: 0x5020_0000 },
        bus_faults: true,
    },
    Board {
        name: "mps3-an547",
        core: "Cortex-M55",
        target: "thumbv8m.main-none-eabihf",
        // Vector floats flush denormals, scalar floats do not: without vector floats, every board computes the same
        // bits.
        rustflags: &["-Ctarget-cpu=cortex-m55", "-Ctarget-feature=-mve.fp"],
        clock_hz: 32_000_000,
        flash: Region { origin: 0x0000_0000, size: 512 * KIB },
        ram: Region { origin: 0x2000_0000, size: 512 * KIB },
        stack: 64 * KIB,
        // The secure one of the two addresses, since nothing here leaves the secure state.
        serial: Serial { driver: "Cmsdk", base: 0x5930_3000 },
        bus_faults: true,
    },
];

/// Returns the board with this name.
pub fn find(name: &str) -> Option<&'static Board> {
    BOARDS.iter().find(|board| board.name == name)
}
