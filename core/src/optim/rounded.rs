use super::{Kept, Optimizer};
use crate::clip::Scaling;
use crate::error::ConfigError;
use crate::int8::{self, PerGate, round_gate};
use crate::math::{Math, Zero};
use crate::parameters::{Parameters, Path, Role, Tensor, walk_range};
use crate::zero::require;
use core::marker::PhantomData;
use core::ops::Range;
use zerocopy::FromZeros;

/// Wrapper of another rule, for weights that will be put into integers of 8 bits ([`int8`](crate::int8)): v ← rule(v, ∂L/∂w);
/// w ← s · round(v / s).
///
/// The rule updates v, an exact copy of the weights; the network computes with w, which 8 bits hold, and its gradient is taken for
/// that of v ("straight through"). After each update s, one for each gate or, with [`PerUnit`](crate::int8::PerUnit), for each
/// unit of a gate, is max |v| / 127, rounded up to the digits of a [`Scale`](crate::int8::Scale). So a
/// [`Calibration`](crate::int8::Calibration) with the same scaling finds w again, bit for bit, in weights that read a state
/// within ±1; in weights that read the network's inputs it finds the same 8 bits, and a scale larger by 2⁻¹¹ at most. Biases,
/// which have 16 bits, are not rounded.
///
/// The copy begins with the weights before the first update, and takes the memory of a gradient. Weights that are changed from
/// outside count only after [`Workspace::reset`](crate::Workspace::reset). An update has another slice for each gate of each
/// tensor of weights: two passes over it, less work than a step. Rounding in place of a rule that keeps no gradient does not
/// compile.
///
/// Bengio, Léonard, Courville, "Estimating or propagating gradients through stochastic neurons for conditional computation"
/// (2013); Jacob et al., "Quantization and training of neural networks for efficient integer-arithmetic-only inference" (2018).
///
/// ```
/// use elman::int8::{Calibration, PerGate};
/// use elman::optim::Rounded;
/// use elman::{Adam, Class, Config, Dense, Gru, Last, Libm, Network, Trainer, Workspace, Xoshiro128, Zero, init};
/// type Net = Network<Gru<1, 4>, Dense<4, 2>>;
/// let (mut net, mut memory) = (Net::ZERO, Workspace::<Net, Rounded<Adam>, 3>::ZERO);
/// init::uniform_fan::<Libm, _>(&mut net, &mut Xoshiro128::from_seed(1));
/// let mut trainer = Trainer::new(&mut net, &mut memory, Config::new(Rounded::new(Adam::new(0.05))))?;
/// for _ in 0..50 {
///     trainer.update(&[[0.0], [0.5], [1.0]], Last(Class::new(1)?))?; // rises
///     trainer.update(&[[1.0], [0.5], [0.0]], Last(Class::new(0)?))?; // falls
/// }
/// let mut calibration = Calibration::new(&net);
/// calibration.observe(&[[0.0], [0.5], [1.0]])?;
/// let small = calibration.quantize::<PerGate>()?;
/// assert_eq!(small.classify(&[[0.2], [0.3], [0.9]])?.index(), 1);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
///
/// ```compile_fail,E0080
/// # use elman::optim::{InPlaceSgd, Rounded};
/// # use elman::{Dense, Elman, Network, Workspace};
/// type Net = Network<Elman<1, 4>, Dense<4, 2>>;
/// static MEMORY: Workspace<Net, Rounded<InPlaceSgd>, 10> = Workspace::ZERO;
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Rounded<O, S = PerGate> {
    /// Rule that updates the exact weights.
    pub rule: O,
    /// Weights that share a scale.
    pub scaling: PhantomData<S>,
}

impl<O: Optimizer<Scalar = f32>, S: int8::Scaling> Rounded<O, S> {
    /// Creates the rule for rounded weights.
    pub const fn new(rule: O) -> Self {
        Self { rule, scaling: PhantomData }
    }

    /// Copies the weights in `range`, unless they were updated before.
    fn begin<P: Parameters<Scalar = f32>>(
        weights: &mut P,
        memory: &mut Copied<O::Memory<P::Gradient>, P::Gradient>,
        range: Range<usize>,
    ) {
        if O::kept(&mut memory.rule).is_some_and(|kept| *kept.updates == 0) {
            walk_range(weights, [&mut memory.exact], range, |w, [exact]| copy(w, exact));
        }
    }
}

/// Memory of a [`Rounded`] rule: that of the rule, and the weights before they are rounded.
#[derive(Clone, Debug, FromZeros)]
pub struct Copied<M, G> {
    rule: M,
    exact: G,
}

impl<M: Zero, G: Zero> Zero for Copied<M, G> {
    const ZERO: Self = Self { rule: M::ZERO, exact: G::ZERO };
}

fn copy(from: &[f32], to: &mut [f32]) {
    to.iter_mut().zip(from).for_each(|(to, from)| *to = *from);
}

/// Returns the number of gates whose weights are rounded.
fn gates(tensor: &Tensor<'_>) -> usize {
    let [_, gates, _] = tensor.shape;
    if tensor.role == Role::Bias { 0 } else { gates }
}

impl<O: Optimizer<Scalar = f32>, S: int8::Scaling> Optimizer for Rounded<O, S> {
    type Scalar = f32;
    type Memory<G: Parameters<Scalar = f32, Gradient = G> + Zero> = Copied<O::Memory<G>, G>;
    const KEEPS_GRADIENT: bool = {
        require(O::KEEPS_GRADIENT, "rounded weights need a rule that keeps a gradient, such as `Sgd`");
        require(!O::SETTLES, "the weights are rounded once: name one `Rounded`");
        true
    };
    const SETTLES: bool = true;
    fn kept<G: Parameters<Scalar = f32, Gradient = G> + Zero>(memory: &mut Self::Memory<G>) -> Option<Kept<'_, G>> {
        let Copied { rule, exact } = memory;
        O::kept(rule).map(|kept| Kept { exact: Some(exact), ..kept })
    }
    fn check(&self) -> Result<(), ConfigError> {
        self.rule.check()
    }
    fn rate(&self) -> f32 {
        self.rule.rate()
    }
    fn with_rate(self, rate: f32) -> Self {
        Self::new(self.rule.with_rate(rate))
    }
    fn reach(&self, gradient: f32) -> f32 {
        self.rule.reach(gradient)
    }
    fn stays_finite<M: Math<Scalar = f32>, P: Parameters<Scalar = f32>>(
        &self,
        weights: &mut P,
        memory: &mut Self::Memory<P::Gradient>,
        scaling: &Scaling<f32>,
        range: Range<usize>,
    ) -> bool {
        Self::begin(weights, memory, range.clone());
        self.rule.stays_finite::<M, _>(&mut memory.exact, &mut memory.rule, scaling, range)
    }
    fn apply<M: Math<Scalar = f32>, P: Parameters<Scalar = f32>>(
        &self,
        weights: &mut P,
        memory: &mut Self::Memory<P::Gradient>,
        scaling: &Scaling<f32>,
        range: Range<usize>,
    ) {
        Self::begin(weights, memory, range.clone());
        self.rule.apply::<M, _>(&mut memory.exact, &mut memory.rule, scaling, range);
    }
    /// One for each gate of weights, and one for each tensor of biases.
    fn pieces<P: Parameters<Scalar = f32>>(&self, weights: &P) -> usize {
        let mut pieces = 0;
        weights.view(Path::ROOT, &mut |tensor, _| pieces += gates(&tensor).max(1));
        pieces
    }
    fn settle<P: Parameters<Scalar = f32>>(
        &self,
        weights: &mut P,
        memory: &mut Self::Memory<P::Gradient>,
        piece: usize,
    ) {
        let mut first = 0;
        weights.walk([&mut memory.exact], Path::ROOT, &mut |tensor, w, [exact]| {
            settle_tensor::<S>(&tensor, piece.wrapping_sub(first), w, exact);
            first += gates(&tensor).max(1);
        });
    }
    fn adjust<P: Parameters<Scalar = f32>>(&self, weights: &mut P) {
        weights.walk([], Path::ROOT, &mut |tensor, w, []| {
            (0..gates(&tensor)).for_each(|gate| round_gate::<S>(tensor.shape, gate, w));
        });
    }
}

/// Rounds the copies of a gate's weights into the weights, or copies all biases.
#[inline(never)]
fn settle_tensor<S: int8::Scaling>(tensor: &Tensor<'_>, gate: usize, w: &mut [f32], exact: &[f32]) {
    let [_, all, units] = tensor.shape;
    if gate >= gates(tensor).max(1) {
        return;
    }
    if tensor.role == Role::Bias {
        return copy(exact, w);
    }
    let row = (all * units).max(1);
    for (w, exact) in w.chunks_mut(row).zip(exact.chunks(row)) {
        w.iter_mut().zip(exact).skip(gate * units).take(units).for_each(|(w, exact)| *w = *exact);
    }
    round_gate::<S>(tensor.shape, gate, w);
}
