//! Link options for every build of the library, by Mix or by hand.

fn main() {
    match std::env::var("CARGO_CFG_TARGET_OS").as_deref() {
        // Erlang unloads a library when its module is purged; threads that still run in it must not lose their code.
        Ok("linux" | "freebsd" | "netbsd" | "openbsd" | "dragonfly") => {
            println!("cargo:rustc-cdylib-link-arg=-Wl,-z,nodelete");
        }
        // The VM provides the enif functions; this linker must be told that they come later.
        Ok("macos") => {
            println!("cargo:rustc-cdylib-link-arg=-undefined");
            println!("cargo:rustc-cdylib-link-arg=dynamic_lookup");
        }
        _ => {}
    }
    println!("cargo:rerun-if-changed=build.rs");
}
