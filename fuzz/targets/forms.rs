//! The online forms' fields (FORM-1), each on a line, `code=text`: a form in which nothing is wrong is read as itself.
#![no_main]

use std::sync::LazyLock;

use assembly::configuration;
use domain::form::{Field, Fields, Form, FormKind, Rules};
use libfuzzer_sys::fuzz_target;
use numbering_plans::BuiltInPlans;

static RULES: LazyLock<Option<configuration::Rules>> =
    LazyLock::new(|| configuration::Rules::from_environment().ok());

fuzz_target!(|text: &str| {
    let Some(rules) = &*RULES else { return };
    let rules = Rules {
        tribunal: &rules.tribunal,
        plans: &BuiltInPlans,
    };
    let mut fields = Fields::default();
    for (code, text) in text.split('\n').filter_map(|line| line.split_once('=')) {
        if let Some(field) = Field::from_code(code) {
            fields.set(field, text.replace('\r', "\n"));
        }
    }
    for kind in FormKind::ALL {
        if let Ok(form) = Form::read(kind, &fields, &rules) {
            assert_eq!(Form::read(kind, &form.fields(), &rules), Ok(form));
        }
    }
});
