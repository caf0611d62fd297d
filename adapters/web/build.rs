//! Turns the pages' texts into typed functions; a text that is missing in one language fails the build.

fn main() {
    wording::build("texts")
        .used_by_name("problem-")
        .used_by_name("role-")
        .used_by_name("status-")
        .used_by_name("event-")
        .used_by_name("decision-")
        .used_by_name("party-")
        .used_by_name("month-")
        .used_by_name("zone-")
        .used_by_name("scope-")
        .used_by_name("actor-")
        .used_by_name("delegation-")
        .used_by_name("activity-")
        .used_by_name("change-")
        .used_by_name("form-called-")
        .used_by_name("form-fault-")
        .used_by_name("form-group-")
        .used_by_name("form-what-")
        .used_by_name("field-")
        .used_by_name("hint-")
        .used_by_name("province-")
        .used_by_name("demo-coming-")
        .used_by_name("fault-")
        .generate();
}
