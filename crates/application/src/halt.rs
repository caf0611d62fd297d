//! Jobs are asked to come to a halt: each ends after the part that is under way, what it did is done, and the rest waits for its next pass.
//! Knows nothing of signals or of whoever asks.

use std::sync::Arc;

use tokio::sync::watch;

/// Whether jobs are to come to a halt. Every clone is of the same; once it is called, it stays called.
#[derive(Debug, Clone)]
pub struct Halt(Arc<watch::Sender<bool>>);

impl Default for Halt {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }
}

impl Halt {
    /// Asks for it.
    pub fn call(&self) {
        self.0.send_replace(true);
    }

    /// Whether it was asked for. A job looks between two parts of its work.
    pub fn is_called(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until it is asked for.
    pub async fn called(&self) {
        let mut watched = self.0.subscribe();
        // The sender is here, so that nobody is left waiting for one that is gone.
        let _ = watched.wait_for(|called| *called).await;
    }
}
