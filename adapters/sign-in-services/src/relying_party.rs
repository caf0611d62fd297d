//! All the services together, behind the port.

use std::sync::Arc;
use std::time::Duration;

use application::ports::clock::Random;
use application::ports::sign_in_services::{
    Answer, Arrival, Departure, ServiceLogout, ServiceOnOffer, SignInServiceError, SignInServices,
};
use async_trait::async_trait;
use domain::person::Language;
use domain::tribunal::Bilingual;
use secrecy::SecretString;
use time::OffsetDateTime;

use crate::http::Http;
use crate::service::Service;
use crate::settings::{self, ServiceSettings, SettingsError, TransportSettings};
use crate::trouble::{Trouble, shared};
use crate::{arrival, departure, farewell, logout_token};

/// The portal, as the services know it: a relying party of each.
pub struct RelyingParty {
    services: Vec<Service>,
    own_address: String,
    http: Http,
    patience: Duration,
    random: Arc<dyn Random>,
}

impl RelyingParty {
    /// Checks all settings and reads the secrets and keys that they name. No service is asked anything before somebody needs it, so
    /// the portal starts even when one is down. `own_address` is where browsers find the portal, such as `https://portal.example`.
    ///
    /// # Errors
    /// [`SettingsError`] says what cannot be used, and of which service.
    pub fn new(
        services: Vec<ServiceSettings>,
        own_address: &str,
        transport: TransportSettings,
        random: Arc<dyn Random>,
    ) -> Result<Self, SettingsError> {
        let own_address = settings::own_address(own_address)?;
        settings::check(&services)?;
        if transport.timeout_seconds == 0 {
            return Err(SettingsError::NoTime);
        }
        let patience = Duration::from_secs(transport.timeout_seconds);
        let http = Http::new(patience)?;
        let load = |service: ServiceSettings| {
            let key = service.key.clone();
            Service::load(service, &own_address, http.clone())
                .map_err(|fault| SettingsError::Service { key, fault })
        };
        let services = services.into_iter().map(load).collect::<Result<_, _>>()?;
        Ok(Self {
            services,
            own_address,
            http,
            patience,
            random,
        })
    }

    fn service(&self, key: &str) -> Result<&Service, SignInServiceError> {
        let service = self.services.iter().find(|one| one.on_offer.key == key);
        service.ok_or(SignInServiceError::Unknown)
    }

    /// Whatever it takes several requests to do, people wait for it only once.
    async fn in_time<T>(
        &self,
        work: impl Future<Output = Result<T, SignInServiceError>> + Send,
    ) -> Result<T, SignInServiceError> {
        tokio::time::timeout(self.patience, work)
            .await
            .unwrap_or_else(|_| Err(Trouble::TooLong.into()))
    }
}

#[async_trait]
impl SignInServices for RelyingParty {
    fn on_offer(&self) -> Vec<ServiceOnOffer> {
        let services = self.services.iter();
        services.map(|service| service.on_offer.clone()).collect()
    }

    fn name_of(&self, issuer: &str) -> Option<Bilingual> {
        let mut vouching = self
            .services
            .iter()
            .filter(|service| service.issuer.as_str() == issuer);
        let service = vouching.next()?;
        vouching
            .next()
            .is_none()
            .then(|| service.on_offer.name.clone())
    }

    async fn depart(
        &self,
        service: &str,
        language: Language,
        again: bool,
        now: OffsetDateTime,
    ) -> Result<Departure, SignInServiceError> {
        let service = self.service(service)?;
        self.in_time(async {
            let provider = service.known.provider().await.map_err(shared)?;
            let random = self.random.as_ref();
            departure::depart(service, &provider, language, again, random, now)
                .map_err(|error| SignInServiceError::Unavailable(Box::new(error)))
        })
        .await
    }

    async fn arrive(
        &self,
        service: &str,
        kept: &SecretString,
        answer: &Answer,
        now: OffsetDateTime,
    ) -> Result<Arrival, SignInServiceError> {
        let service = self.service(service)?;
        let random = self.random.as_ref();
        self.in_time(arrival::arrive(
            &self.http, service, kept, answer, random, now,
        ))
        .await
    }

    async fn farewell(&self, issuer: &str, language: Language) -> Option<String> {
        let mut services = self.services.iter();
        let service = services.find(|service| service.issuer.as_str() == issuer)?;
        // Whoever signs out has done so here already, and is not told that a service cannot hear it.
        let provider = tokio::time::timeout(self.patience, service.known.provider());
        let provider = provider.await.ok()?.ok()?;
        farewell::address(service, &provider, &self.own_address, language)
    }

    async fn told_to_end(
        &self,
        service: &str,
        logout_token: &str,
        now: OffsetDateTime,
    ) -> Result<ServiceLogout, SignInServiceError> {
        let service = self.service(service)?;
        self.in_time(logout_token::judge(service, logout_token, now))
            .await
    }
}
