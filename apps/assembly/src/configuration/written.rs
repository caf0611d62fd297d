//! The file as it is written: one struct for each section. What is said of a key here is what `docs/configuration.md` says of it. Whether
//! the values go together is for `terms`, `tribunal` and `connections` to tell.

use std::net::SocketAddr;

use email::Encryption;
use scanning::ClamdAddress;
use web::FILES_AT_MOST;

use super::key::section;
use super::quantity::{Count, HUNDRED_YEARS, Span, TEN_YEARS};
use super::text::{
    CodeText, FileType, Line, Network, Phone, Place, Secret, Sender, WebAddress, WhenDown, Zone,
};

section! {
    /// Everything that an operator sets.
    Written {
        server: Server,
        metrics: Metrics,
        traces: Traces,
        database: Database,
        documents: Documents,
        scanning: Scanning,
        email: Email,
        text_messages: TextMessages,
        rolls: Rolls,
        secrets: Secrets,
        receipts: Receipts,
        sign_in: SignIn,
        tribunal: Tribunal,
        terms: Terms,
        submissions: Submissions,
        retention: Retention,
    }
}

section! {
    /// Where the portal listens.
    Server {
        /// Address and port. Without `server.tls` the portal speaks plain HTTP: other machines reach it through a proxy that ends TLS.
        #[example = "127.0.0.1:8080"]
        listen: SocketAddr,
        /// Whether browsers come by https, here or to that proxy: cookies are then for https alone, and browsers are told to come no other
        /// way.
        https: bool,
        /// Where browsers find the portal. The addresses to which sign-in services send people back begin with it.
        #[example = "https://mondossier.tribunal.example"]
        public_url: Line,
        /// The networks of the tribunal's own proxies. They are believed when they say who asks (`X-Forwarded-For`), how
        /// (`X-Forwarded-Proto`) and by which number their log knows a request (`X-Request-Id`); nobody else is.
        trusted_proxies: Vec<Network>,
        /// How long the portal still answers after it was told to stop, while `/health/ready` already says no: as long as it takes a proxy
        /// to notice.
        notice: Span<600>,
        /// How long what is under way may take after that.
        drain: Span<3_600>,
        limits: Limits,
        tls: Tls,
    }
}

section! {
    /// How much the portal takes from whom, and how long anything may take. Nobody who keeps to them notices.
    Limits {
        /// Connections at the same time. The next one waits; those on which nothing happens are closed sooner when few are left.
        connections: Count<8, 100_000>,
        /// Connections at the same time from one address (IPv6: one network of 64 bits); the next one is closed. Proxies are not counted.
        connections_per_address: Count<1, 100_000>,
        /// How long the head of a request may take to arrive, and a TLS handshake.
        head: Span<600>,
        /// How long a connection stays open without a request. More than a proxy keeps its own.
        idle: Span<3_600>,
        /// How long nothing may come of a body, or be taken of an answer.
        pause: Span<600>,
        /// Bytes a second that a body must bring on the whole, once it has been waited for longer than `pause`.
        slowest: Count<1, 1_000_000>,
        /// Requests in a minute from one person, by sessions and tokens together, or, of those who are not signed in, from one address; the
        /// next one is answered 429. Each process counts for itself. Without it there is no such limit.
        #[further = "1200"]
        requests_per_minute: Option<Count<1, 1_000_000>>,
    }
}

section! {
    /// TLS without a proxy. A certificate that is renewed is taken up within a minute, or at once on SIGHUP.
    Tls {
        /// The certificate in PEM, and after it those that vouch for it.
        #[further = "/etc/mondossier/certificate.pem"]
        certificate_file: Option<Place>,
        /// Its private key in PEM.
        #[further = "/run/secrets/certificate-key.pem"]
        key_file: Option<Place>,
    }
}

section! {
    /// What Prometheus and the like ask for: numbers, and nothing about anybody.
    Metrics {
        /// Address and port of a listener of its own, for `portal serve`; `/metrics` is all that it has. For the tribunal's own network alone.
        /// Without it there are no metrics.
        #[further = "127.0.0.1:9090"]
        listen: Option<SocketAddr>,
        /// The same for `jobs schedule`.
        #[further = "127.0.0.1:9091"]
        listen_jobs: Option<SocketAddr>,
    }
}

section! {
    /// Who is told where each request and each pass of a job went, and how long it took: a collector of OpenTelemetry. Only programs that were
    /// built with `--features traces` do so. Spans have routes' patterns and statements without their values, and nothing about anybody.
    Traces {
        /// The collector's address, for OTLP by HTTP with protobuf; `/v1/traces` is added to it. Without it nobody is told.
        #[further = "http://127.0.0.1:4318"]
        endpoint: Option<WebAddress>,
    }
}

section! {
    /// Where records are kept.
    Database {
        /// `postgres://USER:PASSWORD@HOST/DATABASE`, or `sqlite://FILE?mode=rwc` for one machine. This or `url_file`.
        #[example = "postgres://portal@localhost/mondossier"]
        url: Option<Secret>,
        /// A file that holds the URL and nothing else, as containers get their secrets.
        #[further = "/run/secrets/database-url"]
        url_file: Option<Place>,
        /// Connections to PostgreSQL, or readers of SQLite, that one process holds.
        connections: Count<1, 1_000>,
        /// How long a request waits for a connection before the person is asked to come back.
        wait: Span<600>,
        /// How long the database may take over one statement before whoever waits for it is asked to come back.
        answer: Span<600>,
    }
}

section! {
    /// Where documents are kept, and under which key.
    Documents {
        /// A folder on durable storage, made if there is none. Backed up together with the database. With a bucket, files only wait here
        /// while they are looked into, each as long as its request takes.
        #[example = "/var/lib/mondossier/documents"]
        folder: Place,
        /// The master key of documents: 64 hexadecimal digits, as `openssl rand -hex 32` makes them, and another than `secrets.key`. Without
        /// it no document can be read; keep a copy apart from the documents. This or `key_file`.
        #[further = "…"]
        key: Option<Secret>,
        /// A file that holds the key and nothing else.
        #[example = "/run/secrets/documents-key"]
        key_file: Option<Place>,
        /// Files that hold one former master key each. They are needed until `jobs run rotate-keys` has put every document under the new one.
        former_key_files: Vec<Place>,
        bucket: Bucket,
    }
}

section! {
    /// A bucket of a store that speaks S3, for many machines: documents are then kept there, sealed as they are in the folder.
    Bucket {
        /// Its name. Without it documents are kept in `documents.folder`.
        #[further = "mondossier-documents"]
        name: Option<Line>,
        /// Where the store is.
        #[further = "https://s3.ca-central-1.amazonaws.com"]
        endpoint: Option<WebAddress>,
        /// The region that requests are signed for.
        region: Line,
        /// Who asks.
        #[further = "AKIA…"]
        access_key_id: Option<Line>,
        /// The secret that requests are signed with. This or `secret_access_key_file`.
        #[further = "…"]
        secret_access_key: Option<Secret>,
        /// A file that holds the secret and nothing else.
        #[further = "/run/secrets/bucket"]
        secret_access_key_file: Option<Place>,
        /// How long the store may take over one request.
        timeout: Span<600>,
    }
}

section! {
    /// How files are looked through for viruses before anything else is done with them.
    Scanning {
        /// Where clamd listens: `unix:/path`, or `tcp:host:port` within a network that nobody listens to, since files go there
        /// unencrypted. Without it no file is looked through.
        #[further = "unix:/run/clamav/clamd.ctl"]
        clamd: Option<ClamdAddress>,
        /// What becomes of a file while clamd is away: `refuse` asks the sender to come back, `wait` does so after `wait`. Nothing
        /// passes unscanned.
        when_down: WhenDown,
        /// How long a file waits for clamd to come back, where `when_down` is `wait`.
        wait: Span<600>,
        /// How long clamd may take over one file.
        timeout: Span<3_600>,
    }
}

section! {
    /// How notices go out.
    Email {
        /// The sender, whom nobody can answer.
        #[example = "Mon dossier / My Case <ne-pas-repondre@tribunal.example>"]
        from: Sender,
        smtp: Smtp,
    }
}

section! {
    /// The mail server that takes them.
    Smtp {
        /// The server's name.
        #[example = "mail.tribunal.example"]
        host: Line,
        /// Its port.
        port: Count<1, 65_535>,
        /// How the connection is protected: `start-tls` after a greeting in clear (refused if the server offers none), `tls` from the
        /// first byte, `none` for a server on the same machine.
        encryption: Encryption,
        /// A PEM file with the certificate of the authority that vouches for the server, where the machine's own list has it not.
        #[further = "/etc/ssl/certs/tribunal-ca.pem"]
        authority: Option<Place>,
        /// Who the portal is to the server, if the server asks. It goes with a password.
        #[further = "portal"]
        user: Option<Line>,
        /// The password that goes with `user`. This or `password_file`.
        #[further = "…"]
        password: Option<Secret>,
        /// A file that holds the password and nothing else.
        #[further = "/run/secrets/smtp-password"]
        password_file: Option<Place>,
        /// How long the server may take over one notice before it is tried later.
        timeout: Span<60>,
    }
}

section! {
    /// How access codes reach telephones: an HTTP gateway in the manner of GC Notify.
    TextMessages {
        /// The gateway's https address.
        #[example = "https://api.notification.canada.ca"]
        url: Line,
        /// The key to the gateway. This or `api_key_file`.
        #[further = "…"]
        api_key: Option<Secret>,
        /// A file that holds the key and nothing else.
        #[example = "/run/secrets/text-messages-api-key"]
        api_key_file: Option<Place>,
        /// The gateway's template of access codes in French; it has `((code))` and `((hours))`.
        #[example = "3f1c6d0a-modele"]
        access_code_template_fr: Line,
        /// The template of access codes in English.
        #[example = "8b2e4f7c-template"]
        access_code_template_en: Line,
        /// How long the gateway may take over one message before it is tried later.
        timeout: Span<600>,
    }
}

section! {
    /// The orders' rolls, by which membership is checked.
    Rolls {
        /// A folder with a CSV file for each order, named by the order's code: `cicc.csv`, with the columns `number`, `family_name`,
        /// `given_name` and `standing`.
        #[example = "/var/lib/mondossier/rolls"]
        folder: Place,
    }
}

section! {
    /// What only the portal knows.
    Secrets {
        /// The tribunal's key: 64 hexadecimal digits, as `openssl rand -hex 32` makes them, and another than `documents.key`. Access
        /// codes and the audit trail depend on it; keep a copy apart from the database. This or `key_file`.
        #[further = "…"]
        key: Option<Secret>,
        /// A file that holds the key and nothing else.
        #[example = "/run/secrets/tribunal-key"]
        key_file: Option<Place>,
        /// Files that hold one former key each, the newest first: what the audit trail has from before the key was changed still verifies by
        /// them. Access codes that were issued under one are void.
        former_key_files: Vec<Place>,
    }
}

section! {
    /// How receipts are signed, and what the public log of them is called.
    Receipts {
        /// The name of the log and of its keys: where it is published, without the scheme. It stays what it is for as long as the log
        /// goes on; one word without `+`.
        #[example = "mondossier.tribunal.example/log"]
        origin: Line,
        /// The key that signs: 64 hexadecimal digits, as `openssl rand -hex 32` makes them, and another than both other keys. `portal
        /// receipt-key` prints its public half. This or `key_file`.
        #[further = "…"]
        key: Option<Secret>,
        /// A file that holds the key and nothing else.
        #[example = "/run/secrets/receipt-key"]
        key_file: Option<Place>,
        /// Public halves of keys that signed before, as `portal receipt-key` printed them: what they signed still verifies.
        former_keys: Vec<Line>,
    }
}

section! {
    /// How people sign in.
    SignIn {
        /// How long a sign-in service may take to answer.
        timeout: Span<60>,
        services: Vec<SignInService>,
    }
}

section! {
    /// The OpenID Connect services with which people sign in, in the order in which the home page offers them. Each has registered the
    /// address `{public_url}/sign-in/{key}/callback`, and `{public_url}/sign-in/{key}/logout` if it tells of sessions that are over.
    SignInService {
        /// By which addresses know it: lower-case letters, digits and hyphens. It stays what it is.
        #[further = "gckey"]
        key: Line,
        /// The name in French.
        #[further = "CléGC"]
        french: Line,
        /// The name in English.
        #[further = "GCKey"]
        english: Line,
        /// Its issuer, exactly as it writes it itself.
        #[further = "https://sign-in.example"]
        issuer: Line,
        /// The portal's name there.
        #[further = "mondossier"]
        client_id: Line,
        /// The secret that the portal shares with it. This, `client_secret_file` or `private_key_file`.
        #[further = "…"]
        client_secret: Option<Secret>,
        /// A file that holds the secret and nothing else.
        #[further = "/run/secrets/gckey"]
        client_secret_file: Option<Place>,
        /// A file with the portal's own private key (PKCS #8 in PEM), for `private_key_jwt`.
        #[further = "/run/secrets/gckey.pem"]
        private_key_file: Option<Place>,
        /// The name under which the service knows that key (`kid`).
        #[further = "2026-11"]
        private_key_id: Option<Line>,
        /// The values of `acr` that are strong enough, the preferred one first; any is, where none is named.
        #[further = "urn:gc-ca:cyber-auth:assurance:loa2"]
        acr_values: Option<Vec<Line>>,
    }
}

section! {
    /// The tribunal: what it is called, what its parts are called, and what it takes.
    #[expect(clippy::struct_field_names, reason = "what the tribunal sends has its own types of document")]
    Tribunal {
        /// The help desk's number, on pages and in notices.
        help_desk: Phone,
        /// The zone of the tribunal's own clock.
        zone: Zone,
        /// The version of the terms that counsel accepts when delegating; kept with each delegation.
        delegation_terms_version: Line,
        /// The version of the privacy statement that registration shows; kept with each registration.
        privacy_statement_version: Line,
        /// The types of file that may be submitted, known by their content.
        accepted_file_types: Vec<FileType>,
        name: Name,
        short_name: ShortName,
        divisions: Vec<Division>,
        regions: Vec<Region>,
        document_types: Vec<DocumentType>,
        tribunal_document_types: Vec<TribunalDocumentType>,
        orders: Vec<Order>,
    }
}

section! {
    /// The tribunal's full name.
    Name {
        /// In French.
        french: Line,
        /// In English.
        english: Line,
    }
}

section! {
    /// The tribunal's name for short.
    ShortName {
        /// In French.
        french: Line,
        /// In English.
        english: Line,
    }
}

section! {
    /// The tribunal's divisions.
    Division {
        /// As the case management system calls it. It is in records: change a name, never a code that is in use.
        code: CodeText,
        /// The name in French.
        french: Line,
        /// The name in English.
        english: Line,
    }
}

section! {
    /// The tribunal's regions. The zone of a region's office is the one by which timeliness is judged there; a case of a region that is not
    /// listed goes by the tribunal's own.
    Region {
        /// As the case management system calls it.
        code: CodeText,
        /// The name in French.
        french: Line,
        /// The name in English.
        english: Line,
        /// The zone of the region's office.
        zone: Zone,
    }
}

section! {
    /// The types of document that counsel may submit.
    DocumentType {
        /// As records and programs call it.
        code: CodeText,
        /// The name in French.
        french: Line,
        /// The name in English.
        english: Line,
        /// Whether the sender must say how and when the other party was given a copy.
        asks_for_service: bool,
    }
}

section! {
    /// The types of document that the tribunal sends to counsel.
    TribunalDocumentType {
        /// As records and programs call it.
        code: CodeText,
        /// The name in French.
        french: Line,
        /// The name in English.
        english: Line,
    }
}

section! {
    /// The professional orders whose members may be counsel.
    Order {
        /// As records and programs call it.
        code: CodeText,
        /// The name in French.
        french: Line,
        /// The name in English.
        english: Line,
        /// Whether the order gives its members a number, which registration then asks for.
        issues_numbers: bool,
    }
}

section! {
    /// Time limits and counts.
    Terms {
        /// Delegates that one counsel may have at a time: invited, active, and expired ones that can still be renewed.
        delegates_at_most: Count<1, 1_000>,
        /// How long a delegation runs from acceptance or renewal. A change counts from the next of either.
        delegation: Span<TEN_YEARS>,
        /// How long before a delegation's end the counsel is reminded. Shorter than `delegation`.
        reminder: Span<TEN_YEARS>,
        /// How long after its end a delegation can still be renewed. A change counts from acceptance or the next renewal.
        renewal_grace: Span<TEN_YEARS>,
        /// How long an invitation waits to be accepted. A change counts for those that are sent after it.
        invitation: Span<TEN_YEARS>,
        /// How long an access code is valid. A change counts for those that are issued after it.
        access_code: Span<TEN_YEARS>,
        /// Wrong codes or answers before the account is blocked.
        wrong_tries_at_most: Count<1, 100>,
        /// Wrong tries to answer one invitation, whoever makes them, before it is closed and counsel is told.
        wrong_answers_at_most: Count<1, 1_000>,
        /// Invitations that one counsel may send within a day, those that were withdrawn among them.
        invitations_per_day: Count<1, 1_000_000>,
        /// Sign-ins, codes, answers or wrong tokens from one network address within `tries_window`, before it has to wait.
        tries_per_address: Count<1, 1_000_000>,
        /// Codes or answers from one sign-in within `tries_window`, before it has to wait.
        tries_per_sign_in: Count<1, 1_000_000>,
        /// Within which tries are counted.
        tries_window: Span<TEN_YEARS>,
        /// Whole days that a case stays after the date of its final decision.
        case_days_after_decision: Count<0, 3_660>,
        /// Within which the tribunal decides a profile change; later ones stand out on the registry's page.
        profile_change: Span<TEN_YEARS>,
        /// How recent a sign-in must be for changing the profile, delegating, renewing and making tokens.
        recent_sign_in: Span<TEN_YEARS>,
        /// A session ends when unused for this long. Not longer than `session_longest`. What is shorter counts at once, what is longer for sessions that begin after it.
        session_idle: Span<TEN_YEARS>,
        /// A session ends this long after sign-in, whatever happens. What is shorter counts at once, what is longer for sessions that begin after it.
        session_longest: Span<TEN_YEARS>,
        /// How long before its end a person is told that a session ends; at most half of `session_idle`.
        session_warning: Span<TEN_YEARS>,
        /// How long an API token works at most.
        token_longest: Span<TEN_YEARS>,
    }
}

section! {
    /// Limits of what is submitted.
    Submissions {
        /// Files in one submission. More than that do not fit into one request.
        files_at_most: Count<1, FILES_AT_MOST>,
        /// Bytes in one file.
        file_bytes_at_most: Count<1, 10_000_000_000>,
        /// Characters in the note that goes with a submission.
        note_characters_at_most: Count<0, 16_000>,
        /// How long a submission that was begun and not sent is kept.
        draft: Span<TEN_YEARS>,
        /// Submissions that one person may have begun for a counsel at a time and has not sent; and as many forms.
        drafts_at_most: Count<1, 10_000>,
        /// How long an upload may take, and wait to be submitted.
        upload: Span<TEN_YEARS>,
        /// Uploads that one person may have at a time and has not submitted.
        uploads_at_most: Count<1, 10_000>,
    }
}

section! {
    /// For how long after their last administrative use records are kept: at least 30 days. What is under a legal hold stays.
    Retention {
        /// Cases with a final decision, with everything that was sent on them. Longer than `terms.case_days_after_decision`.
        cases: Span<HUNDRED_YEARS>,
        /// Delegations that lapsed or were ended.
        delegations: Span<HUNDRED_YEARS>,
        /// Accounts that no record names (never those of staff, nor of counsel in good standing), sign-ins without account, codes, tokens,
        /// profile changes.
        accounts: Span<HUNDRED_YEARS>,
        /// Notices that arrived, with the addresses to which they went.
        notices: Span<HUNDRED_YEARS>,
    }
}

/// An entry with a code and a name.
pub(super) trait Listed {
    /// The code.
    fn code(&self) -> &CodeText;

    /// The names in French and in English.
    fn names(&self) -> [&Line; 2];
}

macro_rules! listed {
    ($($Entry:ident),+) => {
        $(impl Listed for $Entry {
            fn code(&self) -> &CodeText {
                &self.code
            }

            fn names(&self) -> [&Line; 2] {
                [&self.french, &self.english]
            }
        })+
    };
}

listed!(Division, Region, DocumentType, TribunalDocumentType, Order);
