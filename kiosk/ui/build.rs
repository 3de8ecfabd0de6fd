//! Compiles the .slint pages with their fonts, pictures and icons embedded, so that the binary runs
//! from any directory and on a machine without fonts.

use slint_build::{CompilerConfiguration, EmbedResourcesKind};

fn main() {
    let configuration = CompilerConfiguration::new()
        .embed_resources(EmbedResourcesKind::EmbedFiles)
        // Element names in the binary: tests and the demo's control socket find controls by label.
        .with_debug_info(true);
    slint_build::compile_with_config("kiosk.slint", configuration)
        .expect("the .slint pages compile, because they are part of this source tree");
}
