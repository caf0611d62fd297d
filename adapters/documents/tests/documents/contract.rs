//! Documents in a folder and documents in a bucket keep every promise of the port.

use std::sync::Arc;

use application::ports::documents::Documents;

use crate::support::{bucket, keys, new_folder, open};

mod folder {
    use super::*;

    async fn fresh() -> Arc<dyn Documents> {
        Arc::new(open(new_folder(), None, keys(1, &[])).await)
    }

    contract::documents_contract!(fresh());
}

mod bucket_of_an_s3_server {
    use super::*;

    async fn fresh() -> Arc<dyn Documents> {
        let (settings, _) = bucket();
        Arc::new(open(new_folder(), Some(settings), keys(1, &[])).await)
    }

    contract::documents_contract!(fresh());
}
