//! A person with a browser: keeps cookies, follows a provider's redirects, fills in its form, and stops where it is sent back to the
//! portal.

use std::time::Duration;

use openidconnect::url::Url;
use reqwest::header::LOCATION;
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use serde_json::Value;

use crate::portal::PORTAL;

/// How long anybody waits for a page of a provider on the same machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// One browser.
pub struct Visitor {
    client: Client,
    /// What each page that asked something said about itself.
    pub pages: Vec<Value>,
}

impl Visitor {
    pub fn new() -> Self {
        // reqwest is built with TLS for the portal, but without a provider of its own.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .cookie_store(true)
            .redirect(Policy::none())
            .no_proxy()
            .timeout(PATIENCE)
            .build()
            .unwrap();
        let pages = Vec::new();
        Self { client, pages }
    }

    /// Goes there, fills in whatever form is shown, and says where the portal is come back to.
    pub async fn visit(&mut self, address: &Url, form: &[(&str, &str)]) -> Url {
        let response = self.client.get(address.clone()).send().await.unwrap();
        self.follow(response, form).await
    }

    async fn follow(&mut self, mut response: Response, form: &[(&str, &str)]) -> Url {
        for _ in 0..8 {
            let to = target(&response);
            if to.as_str().starts_with(PORTAL) {
                return to;
            }
            response = self.client.get(to.clone()).send().await.unwrap();
            if to.path().starts_with("/interaction/") {
                let page = response.text().await.unwrap();
                self.pages.push(serde_json::from_str(&page).unwrap());
                response = self.client.post(to).form(form).send().await.unwrap();
            }
        }
        panic!("it goes round in circles")
    }

    /// Goes there to sign out, agrees, and says where the browser is sent then.
    pub async fn sign_out(&mut self, address: &str) -> Url {
        let response = self.client.get(address).send().await.unwrap();
        assert!(response.status().is_success(), "{}", response.status());
        let at = response.url().clone();
        let page = response.text().await.unwrap();
        let within = |from: &str| {
            let after = page.split_once(from).unwrap().1;
            after.split_once('"').unwrap().0.to_owned()
        };
        let action = at.join(&within("action=\"")).unwrap();
        let form = [("xsrf", within("value=\"")), ("logout", "yes".to_owned())];
        let response = self.client.post(action).form(&form).send().await.unwrap();
        target(&response)
    }
}

fn target(response: &Response) -> Url {
    let Some(location) = response.headers().get(LOCATION) else {
        panic!("{} from {}", response.status(), response.url());
    };
    response.url().join(location.to_str().unwrap()).unwrap()
}
