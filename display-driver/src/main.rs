//! The executable: hands its arguments to the library and returns its exit code.

fn main() -> std::process::ExitCode {
    display_driver::cli::run(std::env::args_os().collect())
}
