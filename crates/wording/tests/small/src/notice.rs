pub fn notice(t: &Texts, name: &str, date: &str, places: i64) -> String {
    t.delegation_ends_on(date, name) + &t.places_left(places)
}
