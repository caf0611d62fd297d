//! The `OpenAPI` document, as the framework writes it and made true where the framework says less than is so: what may be null, what a date
//! is called, and how callers say who they are.

use serde_json::{Map, Value, json};

/// What the framework wrote, made true. What is not JSON is left as it is.
pub(super) fn corrected(written: String) -> String {
    let Ok(mut document) = serde_json::from_str::<Value>(&written) else {
        return written;
    };
    name_dates(&mut document);
    if let Some(Value::Object(shapes)) = document.pointer_mut("/components/schemas") {
        shapes.values_mut().for_each(say_what_may_be_null);
    }
    say_who_calls(&mut document);
    serde_json::to_string_pretty(&document).unwrap_or(written)
}

/// The framework's name for a date is its own; everybody else's is `date`.
fn name_dates(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                if name == "format" && value == "naive-date" {
                    *value = "date".into();
                }
                name_dates(value);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(name_dates),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// What need not be there is `null` in answers, and may be in requests, unless something else stands in its place.
fn say_what_may_be_null(shape: &mut Value) {
    let required: Vec<String> = shape
        .get("required")
        .and_then(Value::as_array)
        .map(|names| names.iter().filter_map(Value::as_str))
        .map(|names| names.map(str::to_owned).collect())
        .unwrap_or_default();
    let Some(Value::Object(fields)) = shape.get_mut("properties") else {
        return;
    };
    for (name, field) in fields {
        let Value::Object(field) = field else {
            continue;
        };
        let stands_in = field.get("default").is_some_and(|value| !value.is_null());
        if required.contains(name) || stands_in {
            continue;
        }
        // Beside a reference nothing else is read.
        if let Some(reference) = field.remove("$ref") {
            field.insert("allOf".into(), json!([{ "$ref": reference }]));
        }
        field.insert("nullable".into(), true.into());
    }
}

/// A token or, from a browser, the session's cookie.
fn say_who_calls(document: &mut Value) {
    let schemes = json!({
        "token": {
            "type": "http",
            "scheme": "bearer",
            "description": "An API token.",
        },
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": crate::caller::cookie_name(true),
            "description": format!(
                "The session of a browser that signed in; unsafe calls must come from the portal's own pages. Where the portal is reached without \
                 https, as the demonstration is, the cookie is called `{}`.",
                crate::caller::cookie_name(false)
            ),
        },
    });
    if let Value::Object(document) = document {
        let components = document
            .entry("components")
            .or_insert_with(|| Map::new().into());
        if let Value::Object(components) = components {
            components.insert("securitySchemes".into(), schemes);
        }
        document.insert(
            "security".into(),
            json!([{ "token": [] }, { "session": [] }]),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// what answers may leave empty is said to be so; what is always there, or has something in its place, is not.
    #[test]
    fn what_may_be_null_is_said() {
        let written = json!({ "components": { "schemas": { "A": {
            "required": ["always"],
            "properties": {
                "always": { "type": "string" },
                "perhaps": { "type": "string", "default": null },
                "other": { "$ref": "#/components/schemas/B" },
                "list": { "type": "array", "default": [] },
                "day": { "type": "string", "format": "naive-date" },
            },
        } } } });
        let corrected: Value = serde_json::from_str(&corrected(written.to_string())).unwrap();
        let fields = &corrected["components"]["schemas"]["A"]["properties"];
        let nullable = |name: &str| fields[name]["nullable"] == true;
        assert!(!nullable("always") && !nullable("list"));
        assert!(nullable("perhaps") && nullable("other") && nullable("day"));
        assert_eq!(
            fields["other"]["allOf"][0]["$ref"],
            "#/components/schemas/B"
        );
        assert_eq!(fields["day"]["format"], "date");
    }
}
