//! `multipart/form-data` whose parts are taken as they come. The framework's own type would put every file aside, whole and without limit,
//! before a handler runs.

use std::marker::PhantomData;

use poem::{FromRequest, Request, RequestBody};
use poem_openapi::registry::{MetaSchema, MetaSchemaRef};

use super::as_it_comes::Coming;
use crate::upload::{OnRefusal, Readable};

/// Which parts there are, for the document of the API.
pub(super) trait Described: Send {
    /// Parts of text of which there is one each, with what they are.
    const ONCE: &'static [(&'static str, &'static str)];
    /// Parts of text of which there may be several.
    const AGAIN: &'static [(&'static str, &'static str)];
    /// What is said of the file.
    const FILE: &'static str;
    /// Whether there may be several files.
    const SEVERAL: bool;
    /// Which must be there.
    const REQUIRED: &'static [&'static str];
}

/// What counsel sends.
pub(super) struct OfSubmission;

impl Described for OfSubmission {
    const ONCE: &'static [(&'static str, &'static str)] = &[
        (
            "document_type",
            "One of the tribunal's types of document, such as `disclosure`",
        ),
        ("note", "A note to the registry"),
        ("service_how", "How the other party was given a copy"),
        ("service_on", "When, YYYY-MM-DD"),
    ];
    const AGAIN: &'static [(&'static str, &'static str)] = &[
        (
            "also_on",
            "File numbers of other cases of this counsel, in one part or several",
        ),
        (
            "title",
            "The title, in the list of documents, of the `file` or `upload` that follows",
        ),
        (
            "upload",
            "The id of a file that was uploaded piece by piece before, in the place of a `file`; one part per file",
        ),
    ];
    const FILE: &'static str = "One part per file, each with its name";
    const SEVERAL: bool = true;
    const REQUIRED: &'static [&'static str] = &["document_type"];
}

/// What the registry sends.
pub(super) struct OfTribunal;

impl Described for OfTribunal {
    const ONCE: &'static [(&'static str, &'static str)] = &[
        (
            "document_type",
            "What the tribunal sends, such as `notice-to-appear`",
        ),
        ("title", "What counsel sees it called"),
    ];
    const AGAIN: &'static [(&'static str, &'static str)] = &[(
        "also_on",
        "File numbers of other cases on which it is sent, in one part or several",
    )];
    const FILE: &'static str = "The document, with its name";
    const SEVERAL: bool = false;
    const REQUIRED: &'static [&'static str] = &["document_type", "title", "file"];
}

/// The parts, not taken yet.
pub(super) struct Parts<Of> {
    pub(super) taken: crate::parts::Parts,
    of: PhantomData<Of>,
}

impl<Of: Described> Parts<Of> {
    /// What a program that sends them is held to.
    pub(super) const STRICTLY: OnRefusal = OnRefusal::Stop(Readable {
        once: Of::ONCE,
        again: Of::AGAIN,
    });
}

impl<Of: Described> Coming for Parts<Of> {
    const CONTENT_TYPE: &'static str = "multipart/form-data";

    fn schema() -> MetaSchemaRef {
        let inline = |schema| MetaSchemaRef::Inline(Box::new(schema));
        let text = |description| {
            inline(MetaSchema {
                description: Some(description),
                ..MetaSchema::new("string")
            })
        };
        let binary = MetaSchema::new_with_format("string", "binary");
        let file = if Of::SEVERAL {
            MetaSchema {
                items: Some(Box::new(inline(binary))),
                description: Some(Of::FILE),
                ..MetaSchema::new("array")
            }
        } else {
            MetaSchema {
                description: Some(Of::FILE),
                ..binary
            }
        };
        let texts = Of::ONCE.iter().chain(Of::AGAIN);
        let mut properties: Vec<(&'static str, MetaSchemaRef)> = texts
            .map(|(name, description)| (*name, text(*description)))
            .collect();
        properties.push(("file", inline(file)));
        inline(MetaSchema {
            properties,
            required: Of::REQUIRED.to_vec(),
            ..MetaSchema::new("object")
        })
    }

    async fn begin(request: &Request, body: &mut RequestBody) -> poem::Result<Self> {
        Ok(Self {
            taken: crate::parts::Parts::from_request(request, body).await?,
            of: PhantomData,
        })
    }
}
