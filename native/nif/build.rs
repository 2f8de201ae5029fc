//! Link options that hold for every build of the library, by Mix or by hand.

fn main() {
    // Erlang unloads a library when its module is purged; threads that still run in it must not lose their code.
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "linux") {
        println!("cargo:rustc-cdylib-link-arg=-Wl,-z,nodelete");
    }
    println!("cargo:rerun-if-changed=build.rs");
}
