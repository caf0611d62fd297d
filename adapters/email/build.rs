//! Turns the notices' texts into typed functions; a text that is missing in one language fails the build.

fn main() {
    wording::build("texts")
        .used_by_name("day-")
        .used_by_name("month-")
        .used_by_name("zone-")
        .generate();
}
