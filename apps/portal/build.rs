//! Turns the commands' texts into typed functions; a text that is missing in one language fails the build.

fn main() {
    wording::build("texts").generate();
}
