//! Why a service could not be asked. For the operator's log: nothing of a person and no token is ever in it.

use std::sync::Arc;

use application::ports::sign_in_services::SignInServiceError;

/// What went wrong between the portal and a service.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    #[error("it did not answer in time")]
    TooLong,
    #[error("it cannot be reached")]
    Unreachable(#[source] reqwest::Error),
    #[error("its answer is longer than {0} bytes")]
    TooMuch(usize),
    #[error("it answered with status {0}")]
    Status(u16),
    #[error("what it says of itself cannot be used: {0}")]
    Unusable(String),
    #[error("it does not accept how the portal authenticates, or does not know the portal")]
    PortalRefused,
    #[error("it would not exchange the code, for a reason of its own")]
    NotExchanged,
    #[error("it says of itself that it cannot sign people in now")]
    OutOfOrder,
    #[error("the portal's own proof could not be signed")]
    NotSigned,
}

impl From<reqwest::Error> for Trouble {
    fn from(error: reqwest::Error) -> Self {
        if error.is_timeout() {
            Self::TooLong
        } else {
            Self::Unreachable(error.without_url())
        }
    }
}

impl From<Trouble> for SignInServiceError {
    fn from(trouble: Trouble) -> Self {
        Self::Unavailable(Box::new(trouble))
    }
}

/// Several callers may hear of the same trouble.
pub(crate) fn shared(trouble: Arc<Trouble>) -> SignInServiceError {
    SignInServiceError::Unavailable(Box::new(trouble))
}
