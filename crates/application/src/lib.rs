//! What people do: one use case per module, and the ports they need. Knows the domain; knows neither databases nor the web.

pub mod draft;
pub mod ports;
