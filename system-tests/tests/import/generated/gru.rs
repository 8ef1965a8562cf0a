// Written by `elman import`: f32 network(stacked(embedding(11,5),gru(5,7,2,rzn,reset_after,tanh)),dense(7,11)).

/// The network.
pub type Net = elman::Network<elman::Stacked<elman::Embedding<11, 5>, elman::Gru<5, 7, elman::Libm, 2>>, elman::Dense<7, 11>>;

/// Its image, aligned so that it can be opened.
pub static IMAGE: &elman::image::Aligned<[u8]> = &elman::image::Aligned(*include_bytes!("gru.elman"));

// The last four bytes of the image's header are its checksum.
const _: () = assert!(
    matches!(include_bytes!("gru.elman").first_chunk::<32>(), Some([.., 0x62, 0x3a, 0x38, 0x27])),
    "this module and its image come from different imports: run `elman import` again"
);

/// Opens the image in place: the network and the data that travels with it.
///
/// # Errors
/// If the image is damaged.
pub fn open() -> Result<elman::Image<'static, Net>, elman::error::ImageError> {
    elman::Image::open(&IMAGE.0)
}
