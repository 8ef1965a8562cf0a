// Written by `elman import`: f32 network(gru(3,5,2,rzn,reset_after,tanh),dense(5,4)).

/// The network.
pub type Net = elman::Network<elman::Gru<3, 5, elman::Libm, 2>, elman::Dense<5, 4>>;

/// Normaliser of its inputs: `let normalizer: &Normalizer = image.normalizer()?;`
pub type Normalizer = elman::Normalizer<3>;

/// Its image, aligned so that it can be opened.
pub static IMAGE: &elman::image::Aligned<[u8]> = &elman::image::Aligned(*include_bytes!("motions.elman"));

// The last four bytes of the image's header are its checksum.
const _: () = assert!(
    matches!(include_bytes!("motions.elman").first_chunk::<32>(), Some([.., 0x0a, 0x3c, 0x74, 0xe4])),
    "this module and its image come from different imports: run `elman import` again"
);

/// Opens the image in place: the network and the data that travels with it.
///
/// # Errors
/// If the image is damaged.
pub fn open() -> Result<elman::Image<'static, Net>, elman::error::ImageError> {
    elman::Image::open(&IMAGE.0)
}
