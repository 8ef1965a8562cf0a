use super::{Net, Sequence, Work, answered, learn};
use crate::status::{OK, answer};
use elman::int8::PerUnit;
use elman::loss::SoftCrossEntropy;
use elman::optim::{Momentum, Rounded};
use elman::{Adam, Config, Last, Trainer};

/// Trains with weights rounded to 8 bits, a scale for each gate.
#[unsafe(no_mangle)]
pub extern "C" fn proof_rounded(
    net: &mut Net,
    work: &mut Work<Rounded<Adam>>,
    xs: &Sequence,
    steps: usize,
    rate: f32,
) -> i32 {
    answer(learn((net, work), (xs, steps), Rounded::new(Adam::new(rate))))
}

/// Trains with weights rounded to 8 bits, a scale for each unit, to answer as others do.
#[unsafe(no_mangle)]
pub extern "C" fn proof_rounded_soft(
    net: &mut Net,
    work: &mut Work<Rounded<Momentum, PerUnit>>,
    xs: &Sequence,
    parts: &[f32; 3],
    rate: f32,
) -> i32 {
    let config = Config::new(Rounded::new(Momentum { rate, momentum: 0.9 })).with_loss(SoftCrossEntropy);
    answered(|| {
        Trainer::new(net, work, config)?.update(xs, Last(*parts))?;
        Ok(OK)
    })
}
