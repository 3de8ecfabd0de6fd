//! Slips as a person holds them: drawn by the virtual printer, their codes read by an independent
//! reader. The pictures in `tests/slips` are what they should look like; `UPDATE_SLIPS=1` draws them anew.

use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use kiosk_peripherals::escpos::document::Document;
use kiosk_peripherals::escpos::typeset::{self, Paper, PaperWidth};
use kiosk_peripherals::slip::{Checklist, Copy, Slip, test_paper};
use kiosk_peripherals::twin::Twin as _;
use kiosk_peripherals::virtual_printer::{VirtualPrinter, png};

const URL: &str = "https://hall.example.invalid/t/0123456789abcdef0123456789abcdef";

/// The picture of the one paper that comes out.
fn picture(document: &Document, width: PaperWidth) -> Vec<u8> {
    let mut printer = VirtualPrinter::new(width);
    printer.receive(Duration::ZERO, &typeset::bytes(document, Paper::of(width)));
    assert_eq!(printer.errors(), []);
    let slips = printer.take_slips();
    assert_eq!(slips.len(), 1);
    png(&slips[0].dots)
}

fn slip() -> Slip {
    Slip {
        place: Some("月湖区就业之家 示例一街道站".into()),
        number: "A032".into(),
        group: "找工作、就业登记".into(),
        priority: Some("老年人优先".into()),
        ahead: Some(6),
        wait_minutes: Some((12, 20)),
        window_area: Some("1–4 号窗口".into()),
        issued_at: "2026-11-23T10:24:00+08:00".into(),
        url: Some(URL.into()),
        code: Some("0471".into()),
        notes: vec!["过号 30 分钟内回来可以重排一次。演示数据。".into()],
        copy: Copy::First,
    }
}

fn checklist() -> Checklist {
    Checklist {
        title: "灵活就业社保补贴".into(),
        facts: vec![
            ("在哪办".into(), "1–4 号窗口".into()),
            ("多久办好".into(), "15 个工作日".into()),
            ("收费".into(), "不收费".into()),
        ],
        points: vec![
            "身份证原件".into(),
            "《灵活就业人员社会保险补贴申请表》（窗口可领，也可以在这台机器上看样表）".into(),
            "近一个季度的社会保险缴费凭证".into(),
            "本人社会保障卡".into(),
        ],
        notes: vec!["信息截至 11月23日 10:24。演示数据。".into()],
        url: Some(URL.into()),
        code_says: None,
    }
}

/// Papers with their file names.
fn papers() -> Vec<(&'static str, Document, PaperWidth)> {
    let lane = Slip {
        number: "A-K2-001".into(),
        ahead: None,
        wait_minutes: None,
        copy: Copy::Reprint,
        ..slip()
    };
    let (narrow, wide) = (PaperWidth::Mm58, PaperWidth::Mm80);
    vec![
        (
            "ticket-80",
            slip().document().expect("it fits the paper"),
            wide,
        ),
        (
            "ticket-58",
            slip().document().expect("it fits the paper"),
            narrow,
        ),
        (
            "lane-reprint-58",
            lane.document().expect("it fits the paper"),
            narrow,
        ),
        (
            "checklist-80",
            checklist().document().expect("it fits the paper"),
            wide,
        ),
        (
            "checklist-58",
            checklist().document().expect("it fits the paper"),
            narrow,
        ),
        (
            "test-58",
            test_paper("K2").expect("it fits the paper"),
            narrow,
        ),
    ]
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/slips")
}

/// The dots of a picture with its size: how well the file is packed is another's affair.
fn dots(file: &[u8]) -> Option<(u32, u32, Vec<u8>)> {
    let mut reader = ::png::Decoder::new(Cursor::new(file)).read_info().ok()?;
    let mut dots = vec![0; reader.output_buffer_size()?];
    let of = reader.next_frame(&mut dots).ok()?;
    dots.truncate(of.buffer_size());
    Some((of.width, of.height, dots))
}

#[test]
fn slips_and_checklists_look_as_they_were_looked_at() {
    for (name, document, width) in papers() {
        let drawn = picture(&document, width);
        let file = folder().join(format!("{name}.png"));
        if std::env::var_os("UPDATE_SLIPS").is_some() {
            std::fs::write(&file, &drawn).unwrap();
        }
        let kept = std::fs::read(&file).unwrap_or_default();
        assert!(
            dots(&kept) == dots(&drawn),
            "{name} looks otherwise; look at it and run with UPDATE_SLIPS=1"
        );
    }
}

#[test]
fn every_code_on_a_slip_is_read_by_an_independent_reader() {
    let place = tempfile::tempdir().unwrap();
    for (name, document, width) in papers() {
        let file = place.path().join(format!("{name}.png"));
        std::fs::write(&file, picture(&document, width)).unwrap();
        let read = Command::new("zbarimg")
            .args(["--quiet", "--raw"])
            .arg(&file)
            .output()
            .expect("zbarimg, which tests/run installs");
        let text = String::from_utf8_lossy(&read.stdout).trim().to_owned();
        let expected = if name.starts_with("test") {
            "TEST K2"
        } else {
            URL
        };
        assert_eq!(text, expected, "{name}");
    }
}
