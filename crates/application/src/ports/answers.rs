//! Slow salted hashes of the answers to secret questions (DEL-2): whoever steals the records cannot guess the answers, which are short and
//! easy to remember.

use async_trait::async_trait;
use secrecy::SecretString;

/// Hashing does not work; nothing about the answer.
#[derive(Debug, thiserror::Error)]
#[error("an answer cannot be hashed")]
pub struct AnswersError(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// Hashes answers, which come normalised (`domain::delegation::normalised_answer`).
#[async_trait]
pub trait AnswerHashes: Send + Sync {
    /// A hash that names its own parameters and salt. MUST be different each time.
    async fn hash(&self, answer: SecretString) -> Result<SecretString, AnswersError>;
    /// Whether an answer is the one of that hash. A hash that cannot be read matches nothing.
    async fn matches(&self, answer: SecretString, hash: SecretString)
    -> Result<bool, AnswersError>;
}
