//! One configured service: who it is, what it may do, and what it last said of itself.

use application::ports::sign_in_services::ServiceOnOffer;
use domain::tribunal::Bilingual;
use openidconnect::core::CoreJwsSigningAlgorithm;
use openidconnect::{ClientId, IssuerUrl, RedirectUrl, Scope};

use crate::algorithm::Algorithm;
use crate::authentication::Authentication;
use crate::http::Http;
use crate::known::Known;
use crate::settings::{ServiceFault, ServiceSettings};

/// The scope without which it would not be `OpenID` Connect; the library always asks for it.
const OPENID: &str = "openid";

/// A sign-in service.
pub(crate) struct Service {
    pub on_offer: ServiceOnOffer,
    pub issuer: IssuerUrl,
    pub client_id: ClientId,
    pub authentication: Authentication,
    pub acr_values: Vec<String>,
    pub algorithms: Vec<Algorithm>,
    /// Beyond `openid`.
    pub scopes: Vec<Scope>,
    /// Where browsers come back to from this service and no other.
    pub callback: RedirectUrl,
    pub known: Known,
}

impl Service {
    /// A service from settings that have been checked; reads what they name.
    pub fn load(
        settings: ServiceSettings,
        own_address: &str,
        http: Http,
    ) -> Result<Self, ServiceFault> {
        let authentication = Authentication::load(&settings.authentication)?;
        let issuer = IssuerUrl::new(settings.issuer.clone())
            .map_err(|_| ServiceFault::Issuer(settings.issuer))?;
        let callback = RedirectUrl::new(format!("{own_address}/sign-in/{}/callback", settings.key))
            .map_err(|_| ServiceFault::Key)?;
        let scopes = settings.scopes.into_iter();
        Ok(Self {
            on_offer: ServiceOnOffer {
                key: settings.key,
                name: Bilingual {
                    french: settings.name.french,
                    english: settings.name.english,
                },
            },
            known: Known::new(http, issuer.clone()),
            issuer,
            client_id: ClientId::new(settings.client_id),
            authentication,
            acr_values: settings.acr_values,
            algorithms: settings.algorithms,
            scopes: scopes
                .filter(|scope| scope != OPENID)
                .map(Scope::new)
                .collect(),
            callback,
        })
    }

    /// The algorithms that its tokens may be signed by, as the library knows them.
    pub fn allowed(&self) -> impl Iterator<Item = CoreJwsSigningAlgorithm> {
        self.algorithms.iter().map(|algorithm| algorithm.known_as())
    }
}
