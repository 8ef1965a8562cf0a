// Written by `elman quantize`: int8 network(stacked(gru(3,5,rzn,reset_after,unit),elman(5,4,relu,unit)),dense(4,3,unit)).

/// The network.
pub type Net = elman::Network<elman::Stacked<elman::int8::Gru<3, 5, elman::int8::PerUnit>, elman::int8::Elman<5, 4, elman::int8::PerUnit, elman::cell::Relu>>, elman::int8::Dense<4, 3, elman::int8::PerUnit>>;

/// Its image, aligned so that it can be opened.
pub static IMAGE: &elman::image::Aligned<[u8]> = &elman::image::Aligned(*include_bytes!("small.elman"));

// The last four bytes of the image's header are its checksum.
const _: () = assert!(
    matches!(include_bytes!("small.elman").first_chunk::<32>(), Some([.., 0x18, 0x59, 0x2b, 0x5f])),
    "this module and its image come from different runs: run `elman quantize` again"
);

/// Opens the image in place: the network and the data that travels with it.
///
/// # Errors
/// If the image is damaged.
pub fn open() -> Result<elman::Image<'static, Net>, elman::error::ImageError> {
    elman::Image::open(&IMAGE.0)
}
