//! Requests and replies as they are shown.

use bytes::Bytes;
use napi::Result;
use napi::bindgen_prelude::{ArrayBuffer, Env, JsObjectValue, Object, Unknown};
use napi_derive::napi;
use runtime::{RequestRecord, ResponseRecord};

use crate::value::to_js;

/// A request as sent, or as it would be sent.
#[napi]
pub struct HttpRequest {
    pub(crate) inner: RequestRecord,
}

#[napi]
impl HttpRequest {
    /// `breq_` and an identifier that sorts by time.
    #[napi(getter)]
    pub fn id(&self) -> String {
        self.inner.id.clone()
    }

    /// The URL.
    #[napi(getter)]
    pub fn url(&self) -> String {
        self.inner.url.clone()
    }

    /// The method.
    #[napi(getter)]
    pub fn method(&self) -> &'static str {
        self.inner.method
    }

    /// The headers. In a log secret ones read `[redacted]`; in a request that you built they are whole.
    #[napi(getter, ts_return_type = "Record<string, string>")]
    pub fn headers<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        headers(env, &self.inner.headers)
    }

    /// The body.
    #[napi(getter)]
    pub fn body(&self) -> HttpBody {
        HttpBody { inner: self.inner.body.clone() }
    }

    /// Method and URL.
    #[napi(js_name = "toString")]
    pub fn text(&self) -> String {
        format!("HttpRequest({} {})", self.inner.method, self.inner.url)
    }
}

/// A reply as received.
#[napi]
pub struct HttpResponse {
    pub(crate) inner: ResponseRecord,
}

#[napi]
impl HttpResponse {
    /// The status.
    #[napi(getter)]
    pub fn status(&self) -> u32 {
        u32::from(self.inner.status)
    }

    /// The headers.
    #[napi(getter, ts_return_type = "Record<string, string>")]
    pub fn headers<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        headers(env, &self.inner.headers)
    }

    /// The body.
    #[napi(getter)]
    pub fn body(&self) -> HttpBody {
        HttpBody { inner: self.inner.body.clone() }
    }

    /// The status and the size.
    #[napi(js_name = "toString")]
    pub fn text(&self) -> String {
        format!("HttpResponse({}, {} bytes)", self.inner.status, self.inner.body.len())
    }
}

fn headers<'env>(env: &'env Env, headers: &indexmap::IndexMap<String, String>) -> Result<Object<'env>> {
    let mut object = Object::new(env)?;
    for (name, value) in headers {
        object.set_named_property(name, value.as_str())?;
    }
    Ok(object)
}

/// The body of a request or a reply.
#[napi]
pub struct HttpBody {
    inner: Bytes,
}

#[napi]
impl HttpBody {
    /// The bytes.
    #[napi]
    pub fn raw<'env>(&self, env: &'env Env) -> Result<ArrayBuffer<'env>> {
        ArrayBuffer::from_data(env, self.inner.to_vec())
    }

    /// The bytes as UTF-8 text.
    #[napi]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.inner).into_owned()
    }

    /// The text as JSON. Throws when it is not JSON.
    #[napi(ts_return_type = "any")]
    pub fn json<'env>(&self, env: &'env Env) -> Result<Unknown<'env>> {
        json(env, &self.inner)
    }
}

pub(crate) fn json<'env>(env: &'env Env, text: &[u8]) -> Result<Unknown<'env>> {
    let json: serde_json::Value = serde_json::from_slice(text).map_err(|error| {
        napi::Error::new(napi::Status::GenericFailure, format!("this is not JSON: {error}"))
    })?;
    to_js(env, &json.into())
}
