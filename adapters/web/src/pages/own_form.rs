//! A form about one's own things names nobody in its address, so that it says under which sign-in its page was made. Two people may use one
//! browser: what one of them filled in must not change anything of the other, nor be shown to them.

use domain::id::Id;
use poem::web::Form;
use poem::{FromRequest, Request, RequestBody, Result};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::frame::Here;
use crate::problem::{Kind, Problem};

/// Such a form, sent under the sign-in for which it was made.
pub(super) struct OwnForm<T>(pub(super) T);

/// Nothing more than whose it is.
#[derive(Deserialize)]
pub(super) struct Nothing {}

/// What `owner.html` puts into each of them. Pages of before it did have none, and those that are asked for with a token say nothing there: they
/// are taken as they come.
#[derive(Deserialize)]
struct Owner {
    #[serde(default)]
    sign_in: String,
}

impl Owner {
    fn sign_in(&self) -> Result<Option<Uuid>, Problem> {
        if self.sign_in.is_empty() {
            return Ok(None);
        }
        let sign_in = Uuid::try_parse(&self.sign_in);
        let sign_in = sign_in.map_err(|_| Problem::from(Kind::BadRequest))?;
        Ok(Some(sign_in))
    }
}

impl<'a, T: DeserializeOwned> FromRequest<'a> for OwnForm<T> {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> Result<Self> {
        let here = Here::from_request(request, body).await?;
        let sent: Vec<(String, String)> = match request.content_type() {
            Some(_) => Form::from_request(request, body).await?.0,
            None => Vec::new(),
        };
        let sent = serde_urlencoded::to_string(sent)
            .map_err(|error| Problem::internal(error.to_string()))?;
        let sign_in = read::<Owner>(&sent)?.sign_in()?;
        let now = here.sign_in().map(Id::uuid);
        if sign_in.is_some_and(|then| now.is_some_and(|now| now != then)) {
            return Err(Problem::from(Kind::AnotherSignIn).into());
        }
        Ok(Self(read(&sent)?))
    }
}

fn read<T: DeserializeOwned>(sent: &str) -> Result<T, Problem> {
    serde_urlencoded::from_str(sent)
        .map_err(|error| Problem::from(Kind::BadRequest).because(error.to_string()))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    /// Each form about one's own things says under which sign-in its page was made.
    #[test]
    fn forms_about_ones_own_things_say_whose_they_are() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
        let own = [
            "account",
            "change_profile",
            "tokens",
            "sessions",
            "sign_out_everywhere",
            "register",
            "invitations",
        ];
        let mut found = Vec::new();
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let template = fs::read_to_string(&path).unwrap();
            for form in template.split("<form method=\"post\"").skip(1) {
                let form = form.split("</form>").next().unwrap();
                let to =
                    |of: &&str| form.contains(&format!("action=\"{{{{ frame.to.{of}() }}}}\""));
                let Some(of) = own.into_iter().find(|of| to(of)) else {
                    continue;
                };
                assert!(
                    form.contains("{% include \"owner.html\" %}"),
                    "{}: {of}",
                    path.display()
                );
                found.push(of);
            }
        }
        found.sort_unstable();
        found.dedup();
        assert_eq!(found.len(), own.len(), "{found:?}");
    }
}
