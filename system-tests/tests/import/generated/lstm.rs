// Written by `elman import`: f32 network(bidirectional(lstm(3,5,2,ifgo),lstm(3,5,2,ifgo),concat),dense(10,4)).

/// The network.
pub type Net = elman::Network<elman::Bidirectional<elman::Lstm<3, 5, elman::Libm, 2>>, elman::Dense<10, 4>>;

/// Its image, aligned so that it can be opened.
pub static IMAGE: &elman::image::Aligned<[u8]> = &elman::image::Aligned(*include_bytes!("lstm.elman"));

// The last four bytes of the image's header are its checksum.
const _: () = assert!(
    matches!(include_bytes!("lstm.elman").first_chunk::<32>(), Some([.., 0x4a, 0x37, 0xfe, 0xb4])),
    "this module and its image come from different imports: run `elman import` again"
);

/// Opens the image in place: the network and the data that travels with it.
///
/// # Errors
/// If the image is damaged.
pub fn open() -> Result<elman::Image<'static, Net>, elman::error::ImageError> {
    elman::Image::open(&IMAGE.0)
}
