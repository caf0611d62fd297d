//! What the head of a part calls the file in it. Browsers say so in `filename`; programs may use `filename*` as well, or alone (RFC 8187).

/// The file's name: that of `filename*` where it can be read, else that of `filename`.
pub(super) fn file_name(disposition: &[u8]) -> Option<String> {
    let extended = parameter(disposition, b"filename*").and_then(|value| decoded(&value));
    extended.or_else(|| {
        let plain = parameter(disposition, b"filename")?;
        Some(String::from_utf8_lossy(&plain).into_owned())
    })
}

/// The value of a parameter, without its quotation marks.
fn parameter(disposition: &[u8], name: &[u8]) -> Option<Vec<u8>> {
    let (mut quoted, mut escaped) = (false, false);
    let parameters = disposition.split(|byte| {
        let ends = *byte == b';' && !quoted;
        if *byte == b'"' && !escaped {
            quoted = !quoted;
        }
        escaped = quoted && *byte == b'\\' && !escaped;
        ends
    });
    for one in parameters {
        let mut pair = one.splitn(2, |byte| *byte == b'=');
        if let (Some(key), Some(value)) = (pair.next(), pair.next())
            && key.trim_ascii().eq_ignore_ascii_case(name)
        {
            return Some(unquoted(value.trim_ascii()));
        }
    }
    None
}

/// What is between quotation marks. Of what a backslash stands before, only a quotation mark is meant: browsers of old sent whole paths.
fn unquoted(value: &[u8]) -> Vec<u8> {
    let [b'"', inner @ .., b'"'] = value else {
        return value.to_vec();
    };
    let mut plain = Vec::with_capacity(inner.len());
    for byte in inner {
        if *byte == b'"' && plain.last() == Some(&b'\\') {
            plain.pop();
        }
        plain.push(*byte);
    }
    plain
}

/// A value with its character set and language: `UTF-8'fr'R%C3%A9sum%C3%A9.pdf`.
fn decoded(value: &[u8]) -> Option<String> {
    let mut pieces = value.splitn(3, |byte| *byte == b'\'');
    let (charset, _language, text) = (pieces.next()?, pieces.next()?, pieces.next()?);
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.iter();
    while let Some(byte) = rest.next() {
        if *byte == b'%' {
            let mut digit = || char::from(*rest.next()?).to_digit(16);
            let (high, low) = (digit()?, digit()?);
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            bytes.push(*byte);
        }
    }
    if charset.eq_ignore_ascii_case(b"utf-8") {
        String::from_utf8(bytes).ok()
    } else if charset.eq_ignore_ascii_case(b"iso-8859-1") {
        Some(bytes.into_iter().map(char::from).collect())
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::file_name;

    /// SUB-1: a file has the name that its sender gave it, in whichever of the two ways.
    #[test]
    fn a_file_is_called_what_its_sender_calls_it() {
        for (disposition, name) in [
            (r#"form-data; name="file"; filename="a b.pdf""#, "a b.pdf"),
            (
                r"form-data; name=file; FileName = Pi\èce.pdf ",
                r"Pi\èce.pdf",
            ),
            (
                r#"form-data; filename="a; \"b\".pdf"; name="file""#,
                r#"a; "b".pdf"#,
            ),
            (
                r#"form-data; name="file"; filename="C:\a\b.pdf""#,
                r"C:\a\b.pdf",
            ),
            (
                "form-data; name=\"file\"; filename*=utf-8''R%C3%A9sum%C3%A9.pdf",
                "Résumé.pdf",
            ),
            (
                "form-data; filename*=UTF-8'fr-CA'R%c3%a9sum%c3%a9.pdf; filename=\"Resume.pdf\"; name=file",
                "Résumé.pdf",
            ),
            (
                "form-data; filename=\"Resume.pdf\"; filename*=ISO-8859-1''R%E9sum%E9.pdf",
                "Résumé.pdf",
            ),
            // What cannot be read is no name.
            (
                "form-data; filename*=utf-8''%FF; filename=\"plain.pdf\"",
                "plain.pdf",
            ),
            (
                "form-data; filename*=utf-16''a; filename=\"plain.pdf\"",
                "plain.pdf",
            ),
            (
                "form-data; filename*=utf-8''%4; filename=plain.pdf",
                "plain.pdf",
            ),
        ] {
            assert_eq!(
                file_name(disposition.as_bytes()).as_deref(),
                Some(name),
                "{disposition}"
            );
        }
        for nothing in [
            "",
            "form-data",
            "form-data; name=\"filename\"",
            "form-data; name=\"; filename=a\"",
            "form-data; filename*=plain.pdf",
        ] {
            assert_eq!(file_name(nothing.as_bytes()), None, "{nothing}");
        }
    }
}
