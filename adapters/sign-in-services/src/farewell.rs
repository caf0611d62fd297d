//! The last way out: where a browser goes to end its session with the service too (OpenID Connect RP-Initiated Logout 1.0).

use domain::person::Language;
use openidconnect::{LogoutRequest, PostLogoutRedirectUrl};

use crate::locale;
use crate::provider::Provider;
use crate::service::Service;

/// The address, if the service has such a place. It sends the browser back to the portal's home page in that language.
pub(crate) fn address(
    service: &Service,
    provider: &Provider,
    own_address: &str,
    language: Language,
) -> Option<String> {
    let end = provider.end_session_endpoint()?.clone();
    let home = format!("{own_address}/{}/", language.code());
    let mut request = LogoutRequest::from(end)
        .set_client_id(service.client_id.clone())
        .set_post_logout_redirect_uri(PostLogoutRedirectUrl::new(home).ok()?);
    for tag in locale::asked(language) {
        request = request.add_ui_locale(tag);
    }
    Some(request.http_get_url().into())
}
