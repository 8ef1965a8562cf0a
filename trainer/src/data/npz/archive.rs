use crate::data::npy::Array;
use crate::data::{DataError, Place, Problem};
use miniz_oxide::inflate::decompress_to_vec_with_limit;
use rawzip::{CompressionMethod, Error, ZipArchive, ZipArchiveEntryWayfinder, ZipArchiveWriter, ZipSliceArchive};
use std::borrow::Cow;
use std::io::{self, Write};

/// A zip archive whose files are arrays.
pub struct Archive<'a> {
    archive: ZipSliceArchive<&'a [u8]>,
    files: Vec<File>,
}

/// An array in an archive.
struct File {
    name: String,
    compression: CompressionMethod,
    place: ZipArchiveEntryWayfinder,
}

impl<'a> Archive<'a> {
    /// # Errors
    /// [`DataError`] unless the bytes are an archive with a whole directory.
    pub fn open(bytes: &'a [u8]) -> Result<Self, DataError> {
        let not_one = |_| DataError::whole(Problem::NotThe("a whole .npz archive"));
        let archive = ZipArchive::from_slice(bytes).map_err(not_one)?;
        let files = files(&archive).map_err(|error| DataError::whole(damaged(&error)))?;
        Ok(Self { archive, files })
    }

    /// The array of the name asked for, or of the usual one, in capitals or not.
    ///
    /// # Errors
    /// [`Problem::Missing`] if there is none.
    pub fn needed(&self, asked: Option<&str>, usual: &str) -> Result<Array<'_>, DataError> {
        let name = asked.unwrap_or(usual);
        let file = self.files.iter().find(|file| match asked {
            Some(name) => file.name == name,
            None => file.name.eq_ignore_ascii_case(name),
        });
        let missing = || {
            let present = self.files.iter().map(|file| file.name.clone()).collect();
            DataError::whole(Problem::Missing { name: name.to_string(), present })
        };
        self.parse(file.ok_or_else(missing)?)
    }

    /// The same, but one that is not asked for need not be there.
    pub fn array(&self, asked: Option<&str>, usual: &str) -> Result<Option<Array<'_>>, DataError> {
        match self.needed(asked, usual) {
            Err(DataError { problem: Problem::Missing { .. }, .. }) if asked.is_none() => Ok(None),
            array => array.map(Some),
        }
    }

    fn parse(&self, file: &File) -> Result<Array<'_>, DataError> {
        let bytes = self.bytes(file).map_err(|problem| DataError::new(Place::Array(file.name.clone()), problem))?;
        Array::parse(&file.name, bytes)
    }

    /// The bytes of a file, compared with their checksum.
    fn bytes(&self, file: &File) -> Result<Cow<'_, [u8]>, Problem> {
        let entry = self.archive.get_entry(file.place).map_err(|error| damaged(&error))?;
        let (data, length) = (entry.data(), entry.claim_verifier().uncompressed_size);
        let bytes = match file.compression {
            CompressionMethod::STORE => Cow::from(data),
            CompressionMethod::DEFLATE => {
                Cow::from(decompress_to_vec_with_limit(data, length as usize).map_err(|error| damaged(&error))?)
            }
            other => return Err(Problem::Archive(format!("{other:?} is not read"))),
        };
        io::copy(&mut entry.verifying_reader(&*bytes), &mut io::sink()).map_err(|error| damaged(&error))?;
        Ok(bytes)
    }
}

/// The files that are arrays.
fn files(archive: &ZipSliceArchive<&[u8]>) -> Result<Vec<File>, Error> {
    let (mut files, mut entries) = (Vec::new(), archive.entries());
    while let Some(entry) = entries.next_entry()? {
        let path = String::from_utf8_lossy(entry.file_path().as_bytes()).into_owned();
        if let Some(name) = path.strip_suffix(".npy") {
            let (compression, place) = (entry.compression_method(), entry.wayfinder());
            files.push(File { name: name.to_string(), compression, place });
        }
    }
    Ok(files)
}

fn damaged(error: &impl ToString) -> Problem {
    Problem::Archive(error.to_string())
}

/// An archive of arrays, uncompressed.
///
/// # Errors
/// None while there is memory.
pub fn write(arrays: &[(&str, Vec<u8>)]) -> Result<Vec<u8>, Error> {
    let mut archive = ZipArchiveWriter::new(Vec::new());
    for (name, bytes) in arrays {
        let (mut file, config) = archive.new_file(format!("{name}.npy").as_str()).start()?;
        let mut writer = config.wrap(&mut file);
        writer.write_all(bytes)?;
        let (_, descriptor) = writer.finish()?;
        file.finish(descriptor)?;
    }
    archive.finish()
}
