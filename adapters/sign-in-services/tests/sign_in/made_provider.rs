//! A provider that does whatever a test wants of it, which no certified one would.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use openidconnect::url::form_urlencoded;
use poem::http::{StatusCode, header};
use poem::listener::TcpAcceptor;
use poem::{Body, Endpoint, Request, Response, endpoint};
use serde_json::{Value, json};
use sign_in_services::ServiceSettings;

use crate::portal::{Away, CLIENT};
use crate::signing::Key;

/// What it gives with every ID token.
pub const ACCESS_TOKEN: &str = "an-access-token-that-nobody-may-ever-read";

/// What it says under one path.
#[derive(Clone)]
pub struct Said {
    pub status: StatusCode,
    pub kind: &'static str,
    pub location: Option<String>,
    pub body: Vec<u8>,
    /// How long it thinks first.
    pub after: Duration,
}

impl Said {
    pub fn json(value: &Value) -> Self {
        Self {
            status: StatusCode::OK,
            kind: "application/json",
            location: None,
            body: value.to_string().into_bytes(),
            after: Duration::ZERO,
        }
    }

    pub fn status(status: StatusCode, value: &Value) -> Self {
        Self {
            status,
            ..Self::json(value)
        }
    }
}

/// A request for a token, as it came.
#[derive(Clone, Default)]
pub struct Asked {
    pub authorization: Option<String>,
    pub form: BTreeMap<String, String>,
}

#[derive(Default)]
struct Script {
    says: BTreeMap<String, Said>,
    visits: BTreeMap<String, usize>,
    asked: Asked,
}

/// A provider on this machine, for as long as the test runs.
pub struct MadeProvider {
    pub issuer: String,
    pub key: Key,
    script: Arc<Mutex<Script>>,
}

pub const METADATA: &str = "/.well-known/openid-configuration";
pub const KEYS: &str = "/keys";
pub const TOKEN: &str = "/token";

impl MadeProvider {
    /// One that behaves, until it is told otherwise.
    pub async fn start() -> Self {
        let socket = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", socket.local_addr().unwrap());
        let script = Arc::<Mutex<Script>>::default();
        let acceptor = TcpAcceptor::from_tokio(socket).unwrap();
        let server = poem::Server::new_with_acceptor(acceptor);
        tokio::spawn(server.run(answers(Arc::clone(&script))));
        let provider = Self {
            issuer,
            key: Key::new("first"),
            script,
        };
        provider.says(METADATA, Said::json(&provider.metadata()));
        provider.publishes(&[&provider.key]);
        provider
    }

    /// What an honest provider says of itself.
    pub fn metadata(&self) -> Value {
        let at = |path: &str| format!("{}{path}", self.issuer);
        json!({
            "issuer": self.issuer,
            "authorization_endpoint": at("/authorize"),
            "token_endpoint": at(TOKEN),
            "jwks_uri": at(KEYS),
            "end_session_endpoint": at("/end"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
        })
    }

    pub fn settings(&self, key: &str) -> ServiceSettings {
        crate::portal::service(key, &self.issuer)
    }

    /// From now on it says that.
    pub fn says(&self, path: &str, said: Said) {
        let mut script = self.script.lock().unwrap();
        script.says.insert(path.to_owned(), said);
    }

    pub fn publishes(&self, keys: &[&Key]) {
        let keys: Vec<Value> = keys.iter().map(|key| key.published()).collect();
        self.says(KEYS, Said::json(&json!({ "keys": keys })));
    }

    /// From now on it gives that ID token for any code.
    pub fn gives(&self, id_token: &str) {
        let tokens =
            json!({ "access_token": ACCESS_TOKEN, "token_type": "Bearer", "id_token": id_token });
        self.says(TOKEN, Said::json(&tokens));
    }

    /// From now on it gives an ID token with those claims, well signed.
    pub fn vouches(&self, claims: &Value) {
        self.gives(&self.key.sign(claims));
    }

    /// The claims of an honest ID token for a browser that has left.
    pub fn claims(&self, away: &Away) -> Value {
        json!({
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "somebody",
            "nonce": away.asked("nonce").unwrap(),
            "iat": away.at.unix_timestamp(),
            "exp": away.at.unix_timestamp() + 60,
        })
    }

    /// How often somebody came to that path.
    pub fn visits(&self, path: &str) -> usize {
        let script = self.script.lock().unwrap();
        script.visits.get(path).copied().unwrap_or_default()
    }

    /// The last request for a token.
    pub fn asked(&self) -> Asked {
        self.script.lock().unwrap().asked.clone()
    }
}

fn answers(script: Arc<Mutex<Script>>) -> impl Endpoint {
    endpoint::make(move |mut request: Request| {
        let script = Arc::clone(&script);
        async move {
            let path = request.uri().path().to_owned();
            let asked = asked(&mut request).await;
            let said = {
                let mut script = script.lock().unwrap();
                *script.visits.entry(path.clone()).or_default() += 1;
                if path == TOKEN {
                    script.asked = asked;
                }
                script.says.get(&path).cloned()
            };
            let Some(said) = said else {
                return Response::builder().status(StatusCode::NOT_FOUND).finish();
            };
            wait(said.after).await;
            let mut response = Response::builder()
                .status(said.status)
                .content_type(said.kind);
            if let Some(location) = &said.location {
                response = response.header(header::LOCATION, location);
            }
            response.body(Body::from(said.body))
        }
    })
}

async fn asked(request: &mut Request) -> Asked {
    let authorization = request.header(header::AUTHORIZATION).map(str::to_owned);
    let form = request.take_body().into_bytes().await.unwrap();
    Asked {
        authorization,
        form: form_urlencoded::parse(&form).into_owned().collect(),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a provider that is slow is what is tried here"
)]
async fn wait(time: Duration) {
    if !time.is_zero() {
        tokio::time::sleep(time).await;
    }
}

/// Claims with one of them said otherwise, or not at all.
pub fn but(claims: &Value, name: &str, value: Value) -> Value {
    let mut claims = claims.clone();
    let object = claims.as_object_mut().unwrap();
    match value {
        Value::Null => object.remove(name),
        value => object.insert(name.to_owned(), value),
    };
    claims
}
