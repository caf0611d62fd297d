//! Text messages: through an HTTP gateway in the manner of GC Notify, or caught by the demonstration's phone. Knows words and gateways; why
//! a message goes out is decided elsewhere.

mod gateway;
mod phone;
mod texts;

pub use gateway::{Gateway, GatewayError, GatewaySettings};
pub use phone::Phone;
