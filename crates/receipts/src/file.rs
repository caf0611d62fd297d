//! The file of a receipt or of a record of service: the signed statement as it was signed, and, once a receipt is in the log, the proof of
//! that. One file is enough to verify on any machine, with the tribunal's key.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::key::VerifierKey;
use crate::proof::{LogProof, ProofMalformed, verify_inclusion};
use crate::receipt::Receipt;
use crate::service_record::ServiceRecord;
use crate::statement::{Kind, SignedStatement};
use crate::tree::leaf_hash;

/// The file of a signed statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptFile {
    /// The statement.
    pub signed: SignedStatement,
    /// That it is in the log; absent while it is not. Records of service are not entered there.
    pub log_proof: Option<String>,
}

/// The file as it is written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    r#type: String,
    statement: String,
    key: String,
    signature: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    log_proof: Option<String>,
}

/// The file is none of a signed statement.
#[derive(Debug, thiserror::Error)]
pub enum FileMalformed {
    /// It is not the JSON that it should be.
    #[error("the file cannot be read")]
    Json(#[from] serde_json::Error),
    /// Its type or its signature is none that is known.
    #[error("the file is no receipt")]
    Statement,
}

/// Why a statement is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// It names a key that is not among those given.
    #[error("the receipt is not signed by any of the given keys")]
    UnknownKey,
    /// The key did not sign this.
    #[error("the signature is not true")]
    Untrue,
    /// It is signed, but says nothing that can be understood: a newer program is needed.
    #[error("what is signed cannot be understood")]
    Malformed,
}

/// Why a proof is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotInLog {
    /// It is none.
    #[error(transparent)]
    Malformed(#[from] ProofMalformed),
    /// Its checkpoint.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// It does not lead from this statement to the checkpoint.
    #[error("the proof does not lead from this receipt to the checkpoint")]
    Untrue,
}

/// What a statement says, by its kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// That the tribunal received a submission.
    Receipt(Receipt),
    /// That the tribunal made a document available, and who read it.
    ServiceRecord(ServiceRecord),
}

impl Said {
    fn of(signed: &SignedStatement) -> Result<Self, serde_json::Error> {
        match signed.kind() {
            Kind::Receipt => Receipt::from_text(signed.text()).map(Self::Receipt),
            Kind::ServiceRecord => ServiceRecord::from_text(signed.text()).map(Self::ServiceRecord),
        }
    }
}

/// Where in the log a statement is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogPlace {
    /// Counted from 0.
    pub index: u64,
    /// The head that the proof leads to.
    pub checkpoint: Checkpoint,
}

impl ReceiptFile {
    /// The file's text.
    ///
    /// # Errors
    /// None that a receipt can cause.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(&Written {
            r#type: self.signed.kind().name().to_owned(),
            statement: self.signed.text().to_owned(),
            key: self.signed.key().to_owned(),
            signature: self.signature(),
            log_proof: self.log_proof.clone(),
        })
    }

    /// The signature, in base64.
    pub fn signature(&self) -> String {
        STANDARD.encode(self.signed.signature())
    }

    /// Reads a file; white space and the order of its parts do not matter. Nothing is verified.
    ///
    /// # Errors
    /// [`FileMalformed`], also for a part that is not known: nothing in a receipt goes unverified.
    pub fn from_json(text: &str) -> Result<Self, FileMalformed> {
        let written: Written = serde_json::from_str(text)?;
        let signature = STANDARD
            .decode(&written.signature)
            .map_err(|_| FileMalformed::Statement)?;
        let signed = SignedStatement::from_parts(
            &written.r#type,
            written.statement,
            written.key,
            &signature,
        );
        Ok(Self {
            signed: signed.map_err(|_| FileMalformed::Statement)?,
            log_proof: written.log_proof,
        })
    }

    /// What the statement says, if one of the trusted keys signed it; and which.
    ///
    /// # Errors
    /// [`SignatureError`].
    pub fn verified<'a>(
        &self,
        keys: &'a [VerifierKey],
    ) -> Result<(Said, &'a VerifierKey), SignatureError> {
        let key = self.signed.named(keys).ok_or(SignatureError::UnknownKey)?;
        if !self.signed.is_signed_by(key) {
            return Err(SignatureError::Untrue);
        }
        let said = Said::of(&self.signed).map_err(|_| SignatureError::Malformed)?;
        Ok((said, key))
    }

    /// Where in the log it is, by the proof that the file has; `None` where it has none.
    ///
    /// # Errors
    /// [`NotInLog`].
    pub fn place(&self, keys: &[VerifierKey]) -> Result<Option<LogPlace>, NotInLog> {
        let Some(proof) = &self.log_proof else {
            return Ok(None);
        };
        let proof: LogProof = proof.parse()?;
        let checkpoint = Checkpoint::open(&proof.checkpoint, keys)?;
        let leaf = leaf_hash(&self.signed.entry());
        let (size, root) = (checkpoint.size, checkpoint.root);
        if !verify_inclusion(leaf, proof.index, size, &proof.hashes, root) {
            return Err(NotInLog::Untrue);
        }
        Ok(Some(LogPlace {
            index: proof.index,
            checkpoint,
        }))
    }
}
