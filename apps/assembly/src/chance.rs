//! The operating system's randomness.

use application::ports::clock::Random;

/// Randomness of the operating system, fit for secrets.
#[derive(Debug, Default, Clone, Copy)]
pub struct OsRandom;

impl Random for OsRandom {
    #[expect(
        clippy::panic,
        reason = "without randomness no secret can be made; going on would be worse than stopping"
    )]
    fn bytes(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        match getrandom::fill(&mut bytes) {
            Ok(()) => bytes,
            Err(error) => panic!("the operating system gives no random bytes: {error}"),
        }
    }
}
