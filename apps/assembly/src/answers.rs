//! Argon2id for the answers to secret questions, with the parameters that OWASP names (19 MiB, 2 rounds). Off the runtime's threads: one hash
//! takes tens of milliseconds on purpose.

use std::sync::Arc;

use application::ports::answers::{AnswerHashes, AnswersError};
use application::ports::clock::Random;
use argon2::Argon2;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use async_trait::async_trait;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;

/// So many hashes at once at most: each takes its memory.
const AT_ONCE: usize = 4;

/// Argon2id.
pub struct SlowAnswers {
    random: Arc<dyn Random>,
    at_once: Semaphore,
}

impl SlowAnswers {
    /// With salts from there.
    pub fn new(random: Arc<dyn Random>) -> Self {
        Self {
            random,
            at_once: Semaphore::new(AT_ONCE),
        }
    }
}

fn broken(error: impl std::fmt::Display) -> AnswersError {
    AnswersError(error.to_string().into())
}

#[async_trait]
impl AnswerHashes for SlowAnswers {
    async fn hash(&self, answer: SecretString) -> Result<SecretString, AnswersError> {
        let _turn = self.at_once.acquire().await.map_err(broken)?;
        let [salt @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] = self.random.bytes();
        let salt = SaltString::encode_b64(&salt).map_err(broken)?;
        let hashed = tokio::task::spawn_blocking(move || {
            Argon2::default()
                .hash_password(answer.expose_secret().as_bytes(), &salt)
                .map(|hash| SecretString::from(hash.to_string()))
                .map_err(broken)
        });
        hashed.await.map_err(broken)?
    }

    async fn matches(
        &self,
        answer: SecretString,
        hash: SecretString,
    ) -> Result<bool, AnswersError> {
        let _turn = self.at_once.acquire().await.map_err(broken)?;
        let verified = tokio::task::spawn_blocking(move || {
            PasswordHash::new(hash.expose_secret()).is_ok_and(|hash| {
                Argon2::default()
                    .verify_password(answer.expose_secret().as_bytes(), &hash)
                    .is_ok()
            })
        });
        verified.await.map_err(broken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::OsRandom;

    /// DEL-2: answers are kept as slow salted hashes, never as they are.
    #[tokio::test]
    async fn an_answer_matches_its_hash_and_no_other() {
        let answers = SlowAnswers::new(Arc::new(OsRandom));
        let secret = |text: &str| SecretString::from(text.to_owned());
        let hash = answers.hash(secret("maple")).await.unwrap();
        let again = answers.hash(secret("maple")).await.unwrap();
        assert_ne!(hash.expose_secret(), again.expose_secret());
        assert!(hash.expose_secret().starts_with("$argon2id$"));
        assert!(
            answers
                .matches(secret("maple"), hash.clone())
                .await
                .unwrap()
        );
        assert!(!answers.matches(secret("mapl"), hash).await.unwrap());
        assert!(
            !answers
                .matches(secret("maple"), secret("maple"))
                .await
                .unwrap()
        );
    }
}
