//! The local folder keeps every promise of the port.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

use std::sync::Arc;

use application::ports::documents::Documents;
use documents::LocalDocuments;

async fn fresh() -> Arc<dyn Documents> {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))
        .unwrap()
        .keep();
    Arc::new(LocalDocuments::open(folder).await.unwrap())
}

contract::documents_contract!(fresh());
