//! `BamlImage`, `BamlAudio`, `BamlPdf`, `BamlVideo`: each holds one media value.

use std::sync::Arc;

use napi::Result;
use napi::bindgen_prelude::{ClassInstance, Env, JavaScriptClassExt, JsValue, Object, ToNapiValue, Unknown};
use napi_derive::napi;
use types::{Media, MediaKind, MediaSource};

use crate::value::cast;

fn by_url(kind: MediaKind, url: String, mime_type: Option<String>) -> Arc<Media> {
    Arc::new(Media { kind, mime_type, source: MediaSource::Url(url) })
}

fn by_content(kind: MediaKind, mime_type: String, base64: String) -> Arc<Media> {
    Arc::new(Media { kind, mime_type: Some(mime_type), source: MediaSource::Base64(base64) })
}

fn url_of(media: &Media) -> Option<&str> {
    match &media.source {
        MediaSource::Url(url) => Some(url),
        MediaSource::Base64(_) => None,
    }
}

fn json_of<'env>(env: &'env Env, media: &Media) -> Result<Object<'env>> {
    let mut json = Object::new(env)?;
    match &media.source {
        MediaSource::Url(url) => json.set("url", url.as_str())?,
        MediaSource::Base64(base64) => json.set("base64", base64.as_str())?,
    }
    if let Some(mime_type) = &media.mime_type {
        json.set("media_type", mime_type.as_str())?;
    }
    Ok(json)
}

fn base64_of(env: &Env, media: &Media) -> Result<Vec<String>> {
    match &media.source {
        MediaSource::Base64(base64) => Ok(vec![base64.clone(), media.mime_type.clone().unwrap_or_default()]),
        MediaSource::Url(_) => Err(crate::failure::invalid_argument(
            env,
            format!("this {} is a URL, not base64: use asUrl()", media.kind.name()),
        )),
    }
}

fn as_url(env: &Env, media: &Media) -> Result<String> {
    url_of(media).map(ToOwned::to_owned).ok_or_else(|| {
        crate::failure::invalid_argument(
            env,
            format!("this {} is base64, not a URL: use asBase64()", media.kind.name()),
        )
    })
}

macro_rules! media_class {
    ($class:ident, $kind:expr, $doc:literal) => {
        #[doc = $doc]
        #[napi]
        pub struct $class {
            inner: Arc<Media>,
        }

        #[napi]
        impl $class {
            /// Whether the content is at a URL.
            #[napi]
            pub fn is_url(&self) -> bool {
                url_of(&self.inner).is_some()
            }

            /// The URL. Throws `BamlInvalidArgumentError` when the content is base64.
            #[napi]
            pub fn as_url(&self, env: Env) -> Result<String> {
                as_url(&env, &self.inner)
            }

            /// The content and its MIME type, as `[base64, mediaType]`. Throws `BamlInvalidArgumentError` when
            /// the content is at a URL.
            #[napi(ts_return_type = "[string, string]")]
            pub fn as_base64(&self, env: Env) -> Result<Vec<String>> {
                base64_of(&env, &self.inner)
            }

            /// `{ url, media_type? }` or `{ base64, media_type }`: what a plain object argument looks like.
            #[napi(
                js_name = "toJSON",
                ts_return_type = "{ url: string; media_type?: string } | { base64: string; media_type?: string }"
            )]
            pub fn to_json<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
                json_of(env, &self.inner)
            }
        }
    };
}

macro_rules! from_url_and_base64 {
    ($class:ident, $kind:expr) => {
        #[napi]
        impl $class {
            /// Content at a URL; the MIME type where the provider needs to be told.
            #[napi(factory)]
            pub fn from_url(url: String, media_type: Option<String>) -> Self {
                Self { inner: by_url($kind, url, media_type) }
            }

            /// Content as base64 text.
            #[napi(factory)]
            pub fn from_base64(media_type: String, base64: String) -> Self {
                Self { inner: by_content($kind, media_type, base64) }
            }
        }
    };
}

media_class!(BamlImage, MediaKind::Image, "An image.");
media_class!(BamlAudio, MediaKind::Audio, "An audio clip.");
media_class!(BamlPdf, MediaKind::Pdf, "A PDF document.");
media_class!(BamlVideo, MediaKind::Video, "A video.");
from_url_and_base64!(BamlImage, MediaKind::Image);
from_url_and_base64!(BamlAudio, MediaKind::Audio);
from_url_and_base64!(BamlVideo, MediaKind::Video);

#[napi]
impl BamlPdf {
    /// A PDF at a URL.
    #[napi(factory)]
    pub fn from_url(url: String) -> Self {
        Self { inner: by_url(MediaKind::Pdf, url, None) }
    }

    /// A PDF as base64 text.
    #[napi(factory)]
    pub fn from_base64(base64: String) -> Self {
        Self { inner: by_content(MediaKind::Pdf, "application/pdf".to_owned(), base64) }
    }

    /// The URL; `null` when the content is base64.
    #[napi(getter)]
    pub fn url(&self) -> Option<String> {
        url_of(&self.inner).map(ToOwned::to_owned)
    }
}

#[napi]
impl BamlVideo {
    /// The URL; `null` when the content is base64.
    #[napi(getter)]
    pub fn url(&self) -> Option<String> {
        url_of(&self.inner).map(ToOwned::to_owned)
    }
}

/// The media value inside an instance of one of the four classes; `None` for any other object.
pub(crate) fn from_instance(env: &Env, object: &Object<'_>) -> Result<Option<Arc<Media>>> {
    macro_rules! try_class {
        ($($class:ident),+) => { $(
            if $class::instance_of(env, object)? {
                let instance: ClassInstance<'_, $class> = cast(object.to_unknown())?;
                return Ok(Some(Arc::clone(&instance.inner)));
            }
        )+ };
    }
    try_class!(BamlImage, BamlAudio, BamlPdf, BamlVideo);
    Ok(None)
}

/// An instance of the media value's class.
pub(crate) fn to_instance(env: &Env, media: Arc<Media>) -> Result<Unknown<'_>> {
    match media.kind {
        MediaKind::Image => BamlImage { inner: media }.into_instance(env)?.into_unknown(env),
        MediaKind::Audio => BamlAudio { inner: media }.into_instance(env)?.into_unknown(env),
        MediaKind::Pdf => BamlPdf { inner: media }.into_instance(env)?.into_unknown(env),
        MediaKind::Video => BamlVideo { inner: media }.into_instance(env)?.into_unknown(env),
    }
}
