//! The kiosk's configuration file (`--config`, TOML): what is fixed when a machine is put up. The
//! command line goes before it.

use std::path::{Path, PathBuf};

use kiosk_peripherals::escpos::typeset::{Knife, Paper, PaperWidth};
use kiosk_peripherals::port::{Plug, PortAddress};
use kiosk_peripherals::printer::WirePrinter;
use kiosk_peripherals::printing::Timing;
use kiosk_peripherals::reader::{CardReader, FileReader, SamReader};
use kiosk_peripherals::scanner::WireScanner;
use serde::Deserialize;
use thiserror::Error;

use crate::app::hours::OpeningHours;
use crate::platform::voice::VoiceCommand;

/// The file. Unknown keys are refused, so that a misspelt one does not go unnoticed.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KioskConfig {
    /// Address of central.
    pub central: Option<String>,
    /// Pixels per millimetre of the panel, by which touch targets keep their 20 mm.
    pub px_per_mm: Option<f32>,
    /// Width of the lit glass in millimetres, measured with a ruler; goes before `px_per_mm`.
    pub screen_width_mm: Option<f32>,
    /// Size of the screen in memory, or of the window: `1080x1920`.
    pub size: Option<ScreenSize>,
    /// The program that says calls aloud in the hall of a queue display, or reads the pages of a
    /// kiosk aloud, with its arguments; the sentence comes after them. Without it the machine is
    /// mute.
    pub voice_command: Option<VoiceCommand>,
    /// The program that plays a WAV from its standard input, for the clips of `assets/sounds`: calls of a
    /// queue display, prompts of a kiosk; used when there is no `voice_command`.
    pub player_command: Option<VoiceCommand>,
    /// Nothing on the glass flashes, not even a new call.
    #[serde(default)]
    pub reduced_motion: bool,
    /// When the hall is open: `["08:30-12:00", "14:00-17:30"]`. Outside of it an unused kiosk is
    /// dark. Nothing: always open.
    #[serde(default)]
    pub open_hours: OpeningHours,
    /// Seconds without a touch until an unused kiosk tells what the hall has to tell; 0: never.
    pub attract_after_s: Option<u16>,
    /// The printer for slips; without it numbers stand on the screen only.
    pub printer: Option<PrinterConfig>,
    /// The reader for identity cards; without it digits are typed.
    pub card_reader: Option<CardReaderConfig>,
    /// A scanner on a serial line. One that types like a keyboard needs nothing here.
    pub scanner: Option<ScannerConfig>,
    /// Who knows the codes on telephones.
    pub phone_codes: Option<PhoneCodes>,
}

/// Bits a second of a serial line, unless the device's sheet says otherwise.
const PRINTER_BAUD: u32 = 9_600;
const READER_BAUD: u32 = 115_200;
const SCANNER_BAUD: u32 = 9_600;
/// A network or USB printer takes its bytes as fast as it prints.
const DIRECT_BAUD: u32 = 115_200;

/// `[printer]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrinterConfig {
    /// Where it is.
    pub port: PortAddress,
    /// Bits a second.
    pub baud: Option<u32>,
    /// Width of the roll in millimetres.
    #[serde(default)]
    pub width_mm: RollWidth,
    /// What it has to cut with: `none`, `partial`, `full`.
    #[serde(default)]
    pub knife: Knife,
}

impl PrinterConfig {
    /// The printer.
    #[must_use]
    pub fn printer(&self) -> WirePrinter {
        let usual = match self.port {
            PortAddress::Serial(_) => PRINTER_BAUD,
            PortAddress::Tcp(_) | PortAddress::Device(_) => DIRECT_BAUD,
        };
        let baud = self.baud.unwrap_or(usual);
        let paper = Paper {
            knife: self.knife,
            ..Paper::of(self.width_mm.0)
        };
        let timing = Timing {
            baud,
            ..Timing::default()
        };
        WirePrinter::new(Plug::At(self.port.clone(), baud), paper, timing)
    }
}

/// 58 or 80.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(try_from = "u32")]
pub struct RollWidth(PaperWidth);

impl TryFrom<u32> for RollWidth {
    type Error = String;

    fn try_from(mm: u32) -> Result<Self, String> {
        let width = PaperWidth::from_mm(mm).map(Self);
        width.ok_or_else(|| format!("纸宽 {mm} 毫米不行，只有 58 和 80"))
    }
}

/// `[card_reader]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardReaderConfig {
    /// Where it is.
    pub port: ReaderPlace,
    /// Bits a second.
    pub baud: Option<u32>,
}

impl CardReaderConfig {
    /// The reader. Needs a runtime.
    #[must_use]
    pub fn reader(&self) -> Box<dyn CardReader> {
        self.port.open(self.baud.unwrap_or(READER_BAUD))
    }
}

/// A line, or `virtual:` and the file of a card that nobody has.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(try_from = "String")]
pub enum ReaderPlace {
    /// The file is the card.
    Virtual(PathBuf),
    /// A line.
    At(PortAddress),
}

impl ReaderPlace {
    /// The reader there. Needs a runtime.
    #[must_use]
    pub fn open(&self, baud: u32) -> Box<dyn CardReader> {
        match self {
            Self::Virtual(file) => Box::new(FileReader::of(file.clone())),
            Self::At(port) => Box::new(SamReader::new(Plug::At(port.clone(), baud))),
        }
    }
}

impl std::str::FromStr for ReaderPlace {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.strip_prefix("virtual:") {
            Some("") => Err("virtual: 后面写文件".to_owned()),
            Some(file) => Ok(Self::Virtual(file.into())),
            None => text
                .parse()
                .map(Self::At)
                .map_err(|_| "写串口、tcp:主机:端口 或 virtual:文件".to_owned()),
        }
    }
}

impl TryFrom<String> for ReaderPlace {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

/// `[scanner]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScannerConfig {
    /// Where it is.
    pub port: PortAddress,
    /// Bits a second.
    pub baud: Option<u32>,
}

impl ScannerConfig {
    /// The scanner. Needs a runtime.
    #[must_use]
    pub fn scanner(&self) -> WireScanner {
        let baud = self.baud.unwrap_or(SCANNER_BAUD);
        WireScanner::new(Plug::At(self.port.clone(), baud))
    }
}

/// Who knows the codes on telephones. A centre's own gateway is none of this program's yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PhoneCodes {
    /// A service of an invented person, for demonstrations.
    Virtual,
}

/// Width and height in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct ScreenSize {
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
}

/// Smallest and largest sides that a page is made for.
const SIDE_MIN: u32 = 480;
const SIDE_MAX: u32 = 4_096;

impl std::str::FromStr for ScreenSize {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let sides = text.split_once(['x', 'X', '×']);
        let parsed = sides.and_then(|(w, h)| Some((w.parse().ok()?, h.parse().ok()?)));
        match parsed {
            Some((width, height)) if is_side(width) && is_side(height) => {
                Ok(Self { width, height })
            }
            _ => Err(format!("{text} 不是画面大小，应当像 1080x1920")),
        }
    }
}

impl TryFrom<String> for ScreenSize {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

fn is_side(pixels: u32) -> bool {
    (SIDE_MIN..=SIDE_MAX).contains(&pixels)
}

/// The file cannot be used.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// It cannot be read.
    #[error("读不了配置文件 {path}：{source}")]
    Read {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// It is not what it should be.
    #[error("配置文件 {path} 有误：{source}")]
    Parse {
        /// Which.
        path: PathBuf,
        /// Where and what.
        source: Box<toml::de::Error>,
    },
}

impl KioskConfig {
    /// Reads a file.
    ///
    /// # Errors
    /// [`ConfigError`] when it cannot be read or has other contents.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Read {
            path: path.to_owned(),
            source,
        })?;
        toml::from_str(&text).map_err(|source| ConfigError::Parse {
            path: path.to_owned(),
            source: Box::new(source),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_two_sides_that_a_page_is_made_for() {
        assert_eq!(
            "1080x1920".parse(),
            Ok(ScreenSize {
                width: 1_080,
                height: 1_920
            })
        );
        for wrong in ["1080", "1x1", "90000x90000", "axb"] {
            assert!(wrong.parse::<ScreenSize>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_display_names_its_voice_as_words_and_not_as_a_line_for_a_shell() {
        let read = |text: &str| toml::from_str::<KioskConfig>(text);
        let words = r#"voice_command = ["espeak-ng", "-v", "cmn"]"#;
        let config = read(&format!("{words}\nreduced_motion = true\n")).unwrap();
        assert!(config.voice_command.is_some() && config.reduced_motion);
        let player = read(r#"player_command = ["aplay", "-q"]"#).unwrap();
        assert!(player.player_command.is_some() && player.voice_command.is_none());
        for wrong in ["voice_command = []", "voice_command = \"espeak-ng -v cmn\""] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
        assert_eq!(read("").unwrap(), KioskConfig::default());
    }

    #[test]
    fn devices_are_named_by_their_ports_and_a_wrong_one_says_what_is_right() {
        let read = |text: &str| toml::from_str::<KioskConfig>(text);
        let text = "[printer]\nport = \"file:/dev/usb/lp0\"\nwidth_mm = 58\n\
                    [card_reader]\nport = \"virtual:/tmp/card.json\"\n\
                    [scanner]\nport = \"/dev/ttyS1\"\nbaud = 115200\n";
        let config = read(text).unwrap();
        assert!(config.printer.is_some() && config.scanner.is_some());
        assert!(matches!(
            config.card_reader.unwrap().port,
            ReaderPlace::Virtual(_)
        ));
        for (wrong, said) in [
            ("[printer]\nport = \"lp0\"", "写串口"),
            (
                "[printer]\nport = \"tcp:a:9100\"\nwidth_mm = 76",
                "只有 58 和 80",
            ),
            ("[card_reader]\nport = \"virtual:\"", "后面写文件"),
            ("[scanner]\nprot = \"/dev/ttyS1\"", "unknown field"),
        ] {
            let error = read(wrong).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
    }

    #[test]
    fn hours_that_are_none_are_refused() {
        assert!(toml::from_str::<KioskConfig>(r#"open_hours = ["08:30-12:00"]"#).is_ok());
        let wrong = toml::from_str::<KioskConfig>(r#"open_hours = ["8点"]"#).unwrap_err();
        assert!(wrong.to_string().contains("不是上班时间"), "{wrong}");
    }

    #[test]
    fn a_misspelt_key_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("kiosk.toml");
        std::fs::write(&path, "px_per_mm = 4.03\nsize = \"1024x768\"\n").unwrap();
        assert_eq!(KioskConfig::read(&path).unwrap().px_per_mm, Some(4.03));
        std::fs::write(&path, "px_pro_mm = 4.03\n").unwrap();
        assert!(matches!(
            KioskConfig::read(&path),
            Err(ConfigError::Parse { .. })
        ));
    }
}
