//! Writes what every fuzz target begins with: the samples of its decoder, one file each, below the
//! folder given as the only argument.

use std::path::Path;
use std::{env, fs, io};

use testkit::decoders::DECODERS;

#[path = "../../display-driver/tests/laws/decoders.rs"]
#[allow(dead_code, reason = "only the samples are wanted")]
mod boards;
#[path = "../../kiosk/peripherals/tests/laws/decoders.rs"]
#[allow(dead_code, reason = "only the samples are wanted")]
mod peripherals;

fn main() -> io::Result<()> {
    let folder = env::args_os()
        .nth(1)
        .expect("the corpora's folder is the only argument");
    for decoder in DECODERS {
        write(Path::new(&folder), decoder.name, &(decoder.samples)())?;
    }
    for name in ["onbon_frames", "onbon_board"] {
        write(Path::new(&folder), name, &boards::samples())?;
    }
    write(
        Path::new(&folder),
        "onbon_programs",
        &boards::program_samples(),
    )?;
    for name in ["alpha_packets", "alpha_sign"] {
        write(Path::new(&folder), name, &boards::alpha_samples())?;
    }
    for name in ["escpos", "virtual_printer"] {
        write(Path::new(&folder), name, &peripherals::papers())?;
    }
    write(Path::new(&folder), "idcard", &peripherals::frames())?;
    Ok(())
}

fn write(folder: &Path, name: &str, samples: &[Vec<u8>]) -> io::Result<()> {
    let folder = folder.join(name);
    fs::create_dir_all(&folder)?;
    for (number, sample) in samples.iter().enumerate() {
        fs::write(folder.join(format!("sample-{number:03}")), sample)?;
    }
    Ok(())
}
