//! The two forms, sent as data, and the registry's reading of them (FORM-1).

use application::Application;
use application::send_form::{SendForm, registry_form, send_form};
use domain::form::{Field, Fields, FormKind};
use domain::id::Id;
use poem::web::Data;
use poem_openapi::param::{Header, Path};
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, Object, OpenApi};
use uuid::Uuid;

use super::Group;
use super::shapes::Received;
use crate::caller::SignedIn;
use crate::problem::Problem;

pub(super) struct Forms;

/// A postal address and how somebody is reached.
#[derive(Object, Default)]
#[oai(default, skip_serializing_if_is_none)]
struct Contact {
    given_name: Option<String>,
    family_name: Option<String>,
    /// Number and street, or post office box.
    street: Option<String>,
    /// Unit, floor, in care of whom.
    unit: Option<String>,
    city: Option<String>,
    /// In Canada: `AB`, `BC`, `MB`, `NB`, `NL`, `NT`, `NS`, `NU`, `ON`, `PE`, `QC`, `SK` or `YT`.
    province: Option<String>,
    /// Needed in Canada.
    postal_code: Option<String>,
    /// Another country's name; without one, Canada.
    country: Option<String>,
    telephone: Option<String>,
    fax: Option<String>,
    email: Option<String>,
    /// `fr` or `en`.
    language: Option<String>,
    /// The cases that the form is for; each gets its own confirmation number.
    file_numbers: Option<Vec<String>>,
}

/// Counsel Contact Information.
#[derive(Object)]
struct CounselContact {
    #[oai(flatten)]
    contact: Contact,
    /// The code of a professional order.
    order: Option<String>,
    /// Needed where the order gives one.
    membership_number: Option<String>,
    firm: Option<String>,
    /// Limits of the retainer, if there are any.
    retainer_limits: Option<String>,
}

/// Notification of Client Contact Information.
#[derive(Object)]
struct ClientContact {
    #[oai(flatten)]
    contact: Contact,
    /// UCI: 8 or 10 digits, if it is known.
    client_id: Option<String>,
}

/// A form as it was sent.
#[derive(Object)]
#[oai(skip_serializing_if_is_none)]
struct SentForm {
    /// `counsel-contact` or `client-contact`.
    form: String,
    #[oai(flatten)]
    contact: Contact,
    client_id: Option<String>,
    order: Option<String>,
    membership_number: Option<String>,
    firm: Option<String>,
    retainer_limits: Option<String>,
}

impl Contact {
    fn into_fields(self) -> Fields {
        let mut fields = Fields::default();
        let numbers = self.file_numbers.unwrap_or_default().join(" ");
        write(
            &mut fields,
            [
                (Field::GivenName, self.given_name),
                (Field::FamilyName, self.family_name),
                (Field::Street, self.street),
                (Field::Unit, self.unit),
                (Field::City, self.city),
                (Field::Province, self.province),
                (Field::PostalCode, self.postal_code),
                (Field::Country, self.country),
                (Field::Telephone, self.telephone),
                (Field::Fax, self.fax),
                (Field::Email, self.email),
                (Field::Language, self.language),
                (Field::FileNumbers, Some(numbers)),
            ],
        );
        fields
    }

    fn of(fields: &Fields) -> Self {
        let get = |field| written(fields, field);
        Self {
            given_name: get(Field::GivenName),
            family_name: get(Field::FamilyName),
            street: get(Field::Street),
            unit: get(Field::Unit),
            city: get(Field::City),
            province: get(Field::Province),
            postal_code: get(Field::PostalCode),
            country: get(Field::Country),
            telephone: get(Field::Telephone),
            fax: get(Field::Fax),
            email: get(Field::Email),
            language: get(Field::Language),
            file_numbers: Some(fields.numbers().map(str::to_owned).collect()),
        }
    }
}

fn write<const N: usize>(fields: &mut Fields, written: [(Field, Option<String>); N]) {
    for (field, text) in written {
        if let Some(text) = text {
            fields.set(field, text);
        }
    }
}

fn written(fields: &Fields, field: Field) -> Option<String> {
    let text = fields.get(field);
    (!text.is_empty()).then(|| text.to_owned())
}

/// A form that the tribunal holds.
#[derive(ApiResponse)]
enum Sent {
    /// Received
    #[oai(status = 201)]
    Created(Json<Received>),
}

async fn send(
    app: &Application,
    who: &SignedIn,
    counsel: Uuid,
    kind: FormKind,
    (fields, idempotency_key): (Fields, Option<String>),
) -> Result<Sent, Problem> {
    let wish = SendForm {
        counsel: Id::new(counsel),
        kind,
        fields,
        idempotency_key,
        begun: None,
    };
    let sent = send_form(app, &who.0, &wish).await?;
    Ok(Sent::Created(Json(Received::new(&sent, app))))
}

#[OpenApi]
impl Forms {
    /// Send *Counsel Contact Information*
    ///
    /// On each case that `file_numbers` names, it is a submission with its own confirmation number. What is wrong is answered with 422 and
    /// every field in `errors`. The same `Idempotency-Key` with the same content gives the same numbers.
    #[oai(
        path = "/counsels/:counsel/forms/counsel-contact",
        method = "post",
        operation_id = "sendCounselContact",
        tag = "Group::Submissions"
    )]
    async fn send_counsel_contact(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// The counsel's account
        counsel: Path<Uuid>,
        /// The same for every try of one sending
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<String>>,
        form: Json<CounselContact>,
    ) -> Result<Sent, Problem> {
        let CounselContact {
            contact,
            order,
            membership_number,
            firm,
            retainer_limits,
        } = form.0;
        let mut fields = contact.into_fields();
        write(
            &mut fields,
            [
                (Field::Order, order),
                (Field::MembershipNumber, membership_number),
                (Field::Firm, firm),
                (Field::RetainerLimits, retainer_limits),
            ],
        );
        let kind = FormKind::CounselContact;
        send(&app, &who, counsel.0, kind, (fields, idempotency_key.0)).await
    }

    /// Send *Notification of Client Contact Information*
    ///
    /// As with the counsel's form.
    #[oai(
        path = "/counsels/:counsel/forms/client-contact",
        method = "post",
        operation_id = "sendClientContact",
        tag = "Group::Submissions"
    )]
    async fn send_client_contact(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// The counsel's account
        counsel: Path<Uuid>,
        /// The same for every try of one sending
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<String>>,
        form: Json<ClientContact>,
    ) -> Result<Sent, Problem> {
        let ClientContact { contact, client_id } = form.0;
        let mut fields = contact.into_fields();
        write(&mut fields, [(Field::ClientId, client_id)]);
        let kind = FormKind::ClientContact;
        send(&app, &who, counsel.0, kind, (fields, idempotency_key.0)).await
    }

    /// What a form says, as data
    ///
    /// For submissions that are forms; the page that people read is the submission's file.
    #[oai(
        path = "/registry/submissions/:id/form",
        method = "get",
        operation_id = "seeForm",
        tag = "Group::Registry"
    )]
    async fn see(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// The submission
        id: Path<Uuid>,
    ) -> Result<Json<SentForm>, Problem> {
        let form = registry_form(&app, &who.0, Id::new(id.0)).await?;
        let fields = &form.fields;
        Ok(Json(SentForm {
            form: form.kind.code().to_owned(),
            contact: Contact::of(fields),
            client_id: written(fields, Field::ClientId),
            order: written(fields, Field::Order),
            membership_number: written(fields, Field::MembershipNumber),
            firm: written(fields, Field::Firm),
            retainer_limits: written(fields, Field::RetainerLimits),
        }))
    }
}
