//! No sign-in service: the demonstration signs people in by itself.

use application::ports::sign_in_services::{
    Answer, Arrival, Departure, ServiceLogout, ServiceOnOffer, SignInServiceError, SignInServices,
};
use async_trait::async_trait;
use domain::person::Language;
use domain::tribunal::Bilingual;
use secrecy::SecretString;
use time::OffsetDateTime;

/// None.
pub(crate) struct NoServices;

#[async_trait]
impl SignInServices for NoServices {
    fn on_offer(&self) -> Vec<ServiceOnOffer> {
        Vec::new()
    }

    fn name_of(&self, _: &str) -> Option<Bilingual> {
        Some(Bilingual {
            french: "Démonstration".to_owned(),
            english: "Demonstration".to_owned(),
        })
    }

    async fn depart(
        &self,
        _: &str,
        _: Language,
        _: bool,
        _: OffsetDateTime,
    ) -> Result<Departure, SignInServiceError> {
        Err(SignInServiceError::Unknown)
    }

    async fn arrive(
        &self,
        _: &str,
        _: &SecretString,
        _: &Answer,
        _: OffsetDateTime,
    ) -> Result<Arrival, SignInServiceError> {
        Err(SignInServiceError::Unknown)
    }

    async fn farewell(&self, _: &str, _: Language) -> Option<String> {
        None
    }

    async fn told_to_end(
        &self,
        _: &str,
        _: &str,
        _: OffsetDateTime,
    ) -> Result<ServiceLogout, SignInServiceError> {
        Err(SignInServiceError::Unknown)
    }
}
