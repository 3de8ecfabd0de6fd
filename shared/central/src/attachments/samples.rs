//! Small files of every kind, for tests.

/// A JPEG of 16 by 8 pixels whose compressed data is invented.
pub(crate) fn jpeg() -> Vec<u8> {
    jpeg_with(&[])
}

/// The same with segments after its header.
pub(crate) fn jpeg_with(segments: &[(u8, &[u8])]) -> Vec<u8> {
    let mut bytes = vec![0xff, 0xd8];
    let mut put = |marker: u8, body: &[u8]| {
        bytes.extend([0xff, marker]);
        bytes.extend(u16::try_from(body.len() + 2).unwrap().to_be_bytes());
        bytes.extend(body);
    };
    put(0xe0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0");
    for (marker, body) in segments {
        put(*marker, body);
    }
    put(0xc0, &[8, 0, 8, 0, 16, 1, 1, 0x11, 0]);
    put(0xda, &[1, 1, 0, 0, 63, 0]);
    bytes.extend([0x12, 0x34, 0xff, 0, 0x56, 0xff, 0xd9]);
    bytes
}

/// A grey PNG.
pub(crate) fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().unwrap();
    let pixels = usize::try_from(width * height).unwrap();
    let grey: Vec<u8> = (0..pixels).map(|at| (at % 251) as u8).collect();
    writer.write_image_data(&grey).unwrap();
    drop(writer);
    bytes
}

/// A PDF of so many empty pages, with `more` among its objects.
pub(crate) fn pdf(pages: usize, more: &str) -> Vec<u8> {
    let mut text = "%PDF-1.4\n1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj\n".to_owned();
    text += "2 0 obj <</Type /Pages /Kids [] /Count 0>> endobj\n";
    for page in 0..pages {
        text += &format!("{} 0 obj <</Type/Page /Parent 2 0 R>> endobj\n", page + 3);
    }
    text += more;
    text += "\ntrailer <</Root 1 0 R>>\nstartxref\n0\n%%EOF\n";
    text.into_bytes()
}
