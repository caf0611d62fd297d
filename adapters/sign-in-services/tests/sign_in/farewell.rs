//! Whoever signs out of the portal is offered the way out of the service too, where it has one.

use application::ports::sign_in_services::SignInServices as _;
use domain::person::Language;
use openidconnect::url::Url;
use poem::http::StatusCode;
use serde_json::Value;

use crate::made_provider::{METADATA, MadeProvider, Said, but};
use crate::portal::{CLIENT, PORTAL, parameters, portal};

#[tokio::test]
async fn the_way_out_leads_back_to_the_portal_in_the_same_language() {
    let provider = MadeProvider::start().await;
    let portal = portal(vec![provider.settings("gckey")]);
    for (language, home, locales) in [
        (Language::French, "fr", "fr-CA fr"),
        (Language::English, "en", "en-CA en"),
    ] {
        let way = portal.farewell(&provider.issuer, language).await.unwrap();
        let way: Url = way.parse().unwrap();
        assert_eq!(way.path(), "/end");
        let parameters = parameters(&way);
        assert_eq!(parameters["client_id"], CLIENT);
        let back = format!("{PORTAL}/{home}/");
        assert_eq!(parameters["post_logout_redirect_uri"], back);
        assert_eq!(parameters["ui_locales"], locales);
    }
}

#[tokio::test]
async fn where_there_is_no_way_out_none_is_offered() {
    let provider = MadeProvider::start().await;
    let metadata = but(&provider.metadata(), "end_session_endpoint", Value::Null);
    provider.says(METADATA, Said::json(&metadata));
    let down = MadeProvider::start().await;
    down.says(
        METADATA,
        Said::status(StatusCode::BAD_GATEWAY, &Value::Null),
    );
    let portal = portal(vec![provider.settings("gckey"), down.settings("down")]);
    for issuer in [&provider.issuer, &down.issuer, "https://gckey.example"] {
        let way = portal.farewell(issuer, Language::English).await;
        assert_eq!(way, None, "{issuer}");
    }
}
