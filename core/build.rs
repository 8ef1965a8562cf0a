//! Chooses the kernels, since stable `cfg` shows neither the processor nor its floating-point unit.

use std::env;

/// Targets whose calling convention uses the floating-point unit, which every processor must therefore have.
const TARGETS: [&str; 2] = ["thumbv7em-none-eabihf", "thumbv8m.main-none-eabihf"];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let target = env::var("TARGET").unwrap_or_default();
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    let fpu = TARGETS.contains(&target.as_str()) && env::var_os("CARGO_FEATURE_PORTABLE").is_none();
    // Multiplications of pairs of 16 bits. On Cortex-M33 they are an option, and LLVM's assembler does not take them from the flags.
    configure("dsp", target.starts_with("thumbv7em") && env::var_os("CARGO_FEATURE_PORTABLE").is_none());
    // A multiplication of 32 bits by 32 in one instruction: not on Cortex-M0, M0+ and M23.
    configure("long_multiply", !["thumbv6m", "thumbv8m.base"].iter().any(|cores| target.starts_with(cores)));
    // The square root of the floating-point unit.
    configure("fpu", fpu);
    // The loops in assembly. Where there are vectors of floats, the compiler makes better use of them.
    let kernels = fpu && !has_vector_floats(&flags);
    configure("kernels", kernels);
    // In which a multiplication and an addition are one instruction.
    configure("chained_multiply_add", kernels && codegen_option(&flags, "target-cpu=").any(|cpu| cpu == "cortex-m7"));
}

fn configure(name: &str, on: bool) {
    println!("cargo::rustc-check-cfg=cfg({name})");
    if on {
        println!("cargo::rustc-cfg={name}");
    }
}

/// Returns `true` if the flags turn on Helium with floats. The last setting of a feature counts.
fn has_vector_floats(flags: &str) -> bool {
    let by_processor = codegen_option(flags, "target-cpu=").any(|cpu| ["cortex-m55", "cortex-m85"].contains(&cpu));
    let features = codegen_option(flags, "target-feature=").flat_map(|features| features.split(','));
    features.fold(by_processor, |has, feature| match feature {
        "+mve.fp" => true,
        "-mve.fp" | "-mve" => false,
        _ => has,
    })
}

/// Returns the values given to one of rustc's `-C` options, written `-Cname=value` or `-C name=value`.
fn codegen_option<'a>(flags: &'a str, name: &'a str) -> impl Iterator<Item = &'a str> {
    flags.split('\x1f').filter_map(move |flag| flag.strip_prefix("-C").unwrap_or(flag).strip_prefix(name))
}
