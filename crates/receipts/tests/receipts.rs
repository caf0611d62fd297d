//! Signed statements, notes and checkpoints: what is true verifies, and nothing else does.
#![expect(
    clippy::unwrap_used,
    reason = "these are tests, though not all are marked as such"
)]

use receipts::receipt::{LocalTime, Receipt, ReceivedFile};
use receipts::service_record::{Capacity, FirstReading, Person, ServedDocument, ServiceRecord};
use receipts::{
    BadVerifierKey, Checkpoint, CheckpointError, KeyName, Kind, LogProof, NotInLog, NoteError,
    ReceiptFile, Said, SignatureError, SignedStatement, SigningKey, Tiles, VerifierKey,
    inclusion_proof,
};
use signed_note::Verifier;

fn key(name: &str, seed: u8) -> SigningKey {
    SigningKey::from_seed(name.parse().unwrap(), &[seed; 32])
}

fn receipt() -> Receipt {
    let local = |zone: &str, time: &str| LocalTime {
        zone: zone.to_owned(),
        time: time.to_owned(),
    };
    Receipt {
        confirmation_number: "7K4M-Q2ZT-9XWD".to_owned(),
        file_number: "VC1-00123".to_owned(),
        document_type: "disclosure".to_owned(),
        submitted_by: "Élise O’Neil".to_owned(),
        on_behalf_of: "Nadia Haddad".to_owned(),
        received_at: "2021-04-02T05:00:00.123456Z".to_owned(),
        received_tribunal: local("America/Toronto", "2021-04-02T01:00:00-04:00"),
        received_office: local("America/Vancouver", "2021-04-01T22:00:00-07:00"),
        files: vec![ReceivedFile {
            name: "Pièce \"1\".pdf".to_owned(),
            size: 12_345,
            pages: Some(3),
            sha256: "ab".repeat(32),
        }],
        salt: "5a".repeat(32),
    }
}

fn signed(key: &SigningKey) -> SignedStatement {
    SignedStatement::sign(Kind::Receipt, receipt().to_text().unwrap(), key)
}

/// A receipt's file whose proof leads to a checkpoint of ten entries.
fn in_log(statement: &SigningKey, log: &SigningKey) -> ReceiptFile {
    let signed = signed(statement);
    let mut tiles = Tiles::default();
    for index in 0..10 {
        let entry = if index == 6 {
            signed.entry()
        } else {
            [u8::try_from(index).unwrap(); 32]
        };
        tiles.append(index, &entry).unwrap();
    }
    let checkpoint = Checkpoint {
        origin: log.verifier().name().clone(),
        size: 10,
        root: tiles.root(10).unwrap(),
    };
    let proof = LogProof {
        index: 6,
        hashes: inclusion_proof(6, 10, &tiles).unwrap().unwrap(),
        checkpoint: checkpoint.signed(log),
    };
    ReceiptFile {
        signed,
        log_proof: Some(proof.to_string()),
    }
}

/// Whether everything in a file's text is true.
fn holds(text: &str, keys: &[VerifierKey]) -> bool {
    ReceiptFile::from_json(text)
        .is_ok_and(|file| file.verified(keys).is_ok() && matches!(file.place(keys), Ok(Some(_))))
}

/// a receipt carries everything by which it is verified, and says what was signed.
#[test]
fn a_receipt_in_the_log_verifies_from_its_file_alone() {
    let key = key("tribunal.example/log", 1);
    let keys = [key.verifier().to_string().parse().unwrap()];
    let text = in_log(&key, &key).to_json().unwrap();
    let file = ReceiptFile::from_json(&text).unwrap();
    let (said, by) = file.verified(&keys).unwrap();
    assert_eq!((said, by), (Said::Receipt(receipt()), key.verifier()));
    let place = file.place(&keys).unwrap().unwrap();
    assert_eq!((place.index, place.checkpoint.size), (6, 10));
    // Somebody's program wrote it anew, with white space and in another order.
    let anew: std::collections::BTreeMap<String, String> = serde_json::from_str(&text).unwrap();
    assert!(holds(&serde_json::to_string_pretty(&anew).unwrap(), &keys));
}

/// whichever byte of a receipt's file is changed, in whichever bit, it is refused.
#[test]
fn every_byte_flipped_is_refused() {
    let key = key("tribunal.example/log", 1);
    let keys = [key.verifier().clone()];
    let text = in_log(&key, &key).to_json().unwrap();
    assert!(holds(&text, &keys));
    for at in 0..text.len() {
        for bit in 0..8 {
            let mut changed = text.clone().into_bytes();
            *changed.get_mut(at).unwrap() ^= 1 << bit;
            if let Ok(changed) = String::from_utf8(changed) {
                assert!(!holds(&changed, &keys), "byte {at}, bit {bit}: {changed}");
            }
        }
    }
    let extra = text.replacen('{', "{\"note\":\"\",", 1);
    assert!(
        ReceiptFile::from_json(&extra).is_err(),
        "nothing unverified"
    );
}

/// a key that was not given, or another key of the same name, signs nothing that is believed.
#[test]
fn only_the_given_keys_are_believed() {
    let (own, other) = (
        key("tribunal.example/log", 1),
        key("tribunal.example/log", 2),
    );
    let file = in_log(&own, &own);
    let others = [other.verifier().clone()];
    assert_eq!(file.verified(&others), Err(SignatureError::UnknownKey));
    let unknown = NotInLog::Checkpoint(CheckpointError::Note(NoteError::UnknownKey));
    assert_eq!(file.place(&others), Err(unknown));
    let claimed = SignedStatement::from_parts(
        Kind::Receipt.name(),
        file.signed.text().to_owned(),
        other.verifier().reference(),
        file.signed.signature(),
    );
    let claimed = ReceiptFile {
        signed: claimed.unwrap(),
        log_proof: None,
    };
    assert_eq!(claimed.verified(&others), Err(SignatureError::Untrue));
}

/// after a new key, what the former one signed still verifies, also when the proof leads to a checkpoint of the new one.
#[test]
fn a_former_key_still_verifies() {
    let (former, now) = (
        key("tribunal.example/log", 1),
        key("tribunal.example/log", 2),
    );
    let keys = [now.verifier().clone(), former.verifier().clone()];
    assert!(holds(&in_log(&former, &now).to_json().unwrap(), &keys));
    assert!(holds(&in_log(&former, &former).to_json().unwrap(), &keys));
}

/// what was signed as a receipt is worth nothing as another kind, and a checkpoint is worth nothing as a statement.
#[test]
fn what_was_signed_for_one_purpose_is_worth_nothing_for_another() {
    let key = key("tribunal.example/log", 1);
    let own = signed(&key);
    let bytes = |kind: &str| {
        format!(
            "DSSEv1 {} {kind} {} {}",
            kind.len(),
            own.text().len(),
            own.text()
        )
        .into_bytes()
    };
    let verifies = |kind: &str| key.verifier().verifies(&bytes(kind), own.signature());
    assert!(verifies(Kind::Receipt.name()));
    assert!(!verifies(Kind::ServiceRecord.name()));
    assert!(
        !key.verifier()
            .verifies(own.text().as_bytes(), own.signature())
    );
    assert!(
        "DSSEv1 1 a 1 b".parse::<KeyName>().is_err(),
        "no log's name"
    );
    let parts = |kind: &str| {
        SignedStatement::from_parts(kind, own.text().into(), own.key().into(), own.signature())
    };
    assert!(parts(Kind::Receipt.name()).is_ok());
    assert!(parts("application/json").is_err());
}

fn service_record() -> ServiceRecord {
    let local = |zone: &str, time: &str| LocalTime {
        zone: zone.to_owned(),
        time: time.to_owned(),
    };
    let reading = |account: &str, name: &str, capacity, at: &str| FirstReading {
        account: account.to_owned(),
        name: name.to_owned(),
        capacity,
        first_read_at: at.to_owned(),
    };
    ServiceRecord {
        item: "0193".to_owned(),
        file_number: "VC1-00123".to_owned(),
        document_type: "notice-to-appear".to_owned(),
        title: "Avis de convocation".to_owned(),
        document: ServedDocument {
            name: "Avis “1”.pdf".to_owned(),
            size: 12_345,
            sha256: "ab".repeat(32),
        },
        counsel: Person {
            account: "a1".to_owned(),
            name: "Nadia Haddad".to_owned(),
        },
        made_available_at: "2021-04-02T05:00:00Z".to_owned(),
        made_available_tribunal: local("America/Toronto", "2021-04-02T01:00:00-04:00"),
        made_available_office: local("America/Vancouver", "2021-04-01T22:00:00-07:00"),
        readings: vec![
            reading(
                "d1",
                "Élise O’Neil",
                Capacity::Delegate,
                "2021-04-02T13:00:00Z",
            ),
            reading(
                "a1",
                "Nadia Haddad",
                Capacity::Counsel,
                "2021-04-03T13:00:00Z",
            ),
        ],
        deleted_from_general_inbox_at: None,
        as_of: "2021-05-02T05:00:00Z".to_owned(),
    }
}

/// a record of service verifies from its file and says what was signed; whichever byte is changed, it is refused, and it is worth
/// nothing as a receipt.
#[test]
fn a_record_of_service_verifies_as_such_alone() {
    let key = key("tribunal.example/log", 1);
    let keys = [key.verifier().clone()];
    let text = service_record().to_text().unwrap();
    let file = ReceiptFile {
        signed: SignedStatement::sign(Kind::ServiceRecord, text.clone(), &key),
        log_proof: None,
    };
    let json = file.to_json().unwrap();
    let verified = |json: &str| -> Option<Said> {
        let file = ReceiptFile::from_json(json).ok()?;
        Some(file.verified(&keys).ok()?.0)
    };
    assert_eq!(verified(&json), Some(Said::ServiceRecord(service_record())));
    for at in 0..json.len() {
        let mut changed = json.clone().into_bytes();
        *changed.get_mut(at).unwrap() ^= 1;
        if let Ok(changed) = String::from_utf8(changed) {
            assert_eq!(verified(&changed), None, "byte {at}: {changed}");
        }
    }
    let as_receipt = json.replace(Kind::ServiceRecord.name(), Kind::Receipt.name());
    assert_eq!(verified(&as_receipt), None);
    let signed_wrongly = ReceiptFile {
        signed: SignedStatement::sign(Kind::Receipt, text, &key),
        log_proof: None,
    };
    assert_eq!(
        signed_wrongly.verified(&keys),
        Err(SignatureError::Malformed)
    );
}

/// a proof for one receipt proves nothing of another, though both are signed.
#[test]
fn a_proof_is_of_one_receipt() {
    let key = key("tribunal.example/log", 1);
    let keys = [key.verifier().clone()];
    let mut other = receipt();
    other.salt = "5b".repeat(32);
    let file = ReceiptFile {
        signed: SignedStatement::sign(Kind::Receipt, other.to_text().unwrap(), &key),
        ..in_log(&key, &key)
    };
    assert!(file.verified(&keys).is_ok());
    assert_eq!(file.place(&keys), Err(NotInLog::Untrue));
}

/// a checkpoint of another log does not count, whoever signed it.
#[test]
fn a_checkpoint_is_of_its_own_log() {
    let key = key("tribunal.example/log", 1);
    let elsewhere = Checkpoint {
        origin: "elsewhere.example/log".parse().unwrap(),
        size: 0,
        root: receipts::empty_root(),
    };
    let keys = [key.verifier().clone()];
    assert_eq!(
        Checkpoint::open(&elsewhere.signed(&key), &keys),
        Err(CheckpointError::OtherLog)
    );
}

/// the specification's own note verifies under the specification's own key, and another implementation reads ours.
#[test]
fn notes_and_keys_are_those_of_the_specification() {
    let vkey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    let note = "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
    let keys: [VerifierKey; 1] = [vkey.parse().unwrap()];
    assert_eq!(keys.first().unwrap().to_string(), vkey);
    // It is signed, and is no checkpoint.
    assert_eq!(
        Checkpoint::open(note, &keys),
        Err(CheckpointError::Malformed)
    );
    for wrong in [
        note.replace("example message", "exemple message"),
        note.replace("aQM=", "aQQ="),
    ] {
        let untrue = CheckpointError::Note(NoteError::Untrue);
        assert_eq!(Checkpoint::open(&wrong, &keys), Err(untrue));
    }
    for malformed in [
        note.trim_end().to_owned(),
        note.replace("\n\n", "\n"),
        note.replace("— ", "- "),
        note.replace("foo Uw2", "foo  Uw2"),
        format!("{note}\n"),
        note.replace("an example", "an\texample"),
        String::new(),
    ] {
        let error = CheckpointError::Note(NoteError::Malformed);
        assert_eq!(
            Checkpoint::open(&malformed, &keys),
            Err(error),
            "{malformed}"
        );
    }
    let key = key("tribunal.example/log", 1);
    let checkpoint = Checkpoint {
        origin: key.verifier().name().clone(),
        size: 3,
        root: receipts::empty_root(),
    };
    let note = checkpoint.signed(&key);
    let theirs = signed_note::StandardVerifier::new(&key.verifier().to_string()).unwrap();
    assert_eq!(theirs.key_id().to_be_bytes(), key.verifier().id());
    let read = signed_note::Note::from_bytes(note.as_bytes()).unwrap();
    let list = signed_note::VerifierList::new(vec![Box::new(theirs)]);
    assert_eq!(read.verify(&list).unwrap().0.len(), 1);
    let head = tlog_tiles::Checkpoint::from_bytes(read.text()).unwrap();
    assert_eq!((head.origin(), head.size()), ("tribunal.example/log", 3));
    assert_eq!(head.hash().0, checkpoint.root.0);
    let witnessed = note.clone() + "— witness.example mJirIkljAAAA\n";
    let keys = [key.verifier().clone()];
    assert_eq!(Checkpoint::open(&witnessed, &keys), Ok(checkpoint));
}

/// a key that was copied wrong is not taken for another one.
#[test]
fn a_key_copied_wrong_is_told() {
    let text = key("tribunal.example/log", 1).verifier().to_string();
    assert!(text.parse::<VerifierKey>().is_ok());
    for at in 0..text.len() {
        let mut changed = text.clone().into_bytes();
        *changed.get_mut(at).unwrap() ^= 1;
        if let Ok(changed) = String::from_utf8(changed) {
            assert!(changed.parse::<VerifierKey>().is_err(), "{changed}");
        }
    }
    let ecdsa = "example.com/foo+530d903a+AukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    assert_eq!(ecdsa.parse::<VerifierKey>(), Err(BadVerifierKey::OtherKind));
    for name in ["", "two words", "a+b", "a\u{a0}b", "a\nb"] {
        assert!(name.parse::<KeyName>().is_err(), "{name}");
    }
}
