//! Chance that can be repeated (`splitmix64`): what a seed gave once, it gives again. When processes outside meet it is not in its hands.

/// A source of chance.
pub struct Chance(u64);

impl Chance {
    /// That of a seed, for one of several who need their own.
    pub fn new(seed: u64, whose: u64) -> Self {
        let mut chance = Self(seed ^ whose.wrapping_mul(0xd6e8_feb8_6659_fd93));
        chance.next();
        chance
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below that one.
    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }
}
