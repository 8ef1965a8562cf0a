// Written by `elman import`: f32 network(stacked(elman(5,5,2,relu),elman(5,5,2,relu)),dense(5,3)).

/// The network.
pub type Net = elman::Network<elman::Stacked<elman::Elman<5, 5, elman::Libm, 2, elman::cell::Relu>, elman::Elman<5, 5, elman::Libm, 2, elman::cell::Relu>>, elman::Dense<5, 3>>;

/// Its image, aligned so that it can be opened.
pub static IMAGE: &elman::image::Aligned<[u8]> = &elman::image::Aligned(*include_bytes!("rnn.elman"));

// The last four bytes of the image's header are its checksum.
const _: () = assert!(
    matches!(include_bytes!("rnn.elman").first_chunk::<32>(), Some([.., 0x53, 0xf1, 0x65, 0x3e])),
    "this module and its image come from different imports: run `elman import` again"
);

/// Opens the image in place: the network and the data that travels with it.
///
/// # Errors
/// If the image is damaged.
pub fn open() -> Result<elman::Image<'static, Net>, elman::error::ImageError> {
    elman::Image::open(&IMAGE.0)
}
