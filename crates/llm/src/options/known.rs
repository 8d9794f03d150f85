//! The names of options: which are read by this room, and which are well-known parts of a request body.

use types::nearest;

use crate::provider::OptionSet;

/// Read here and not sent, for every model but Bedrock's.
const COMMON: &[&str] = &[
    "base_url",
    "api_key",
    "headers",
    "default_role",
    "allowed_roles",
    "remap_roles",
    "allowed_role_metadata",
    "supports_streaming",
    "structured_output",
    "finish_reason_allow_list",
    "finish_reason_deny_list",
    "media_url_handler",
    "media_download",
    "http",
];

/// Read for those who speak as OpenAI does. Others get them in the body, as any option that is not theirs.
const OPENAI: &[&str] = &["query_params", "client_response_type"];

const AZURE: &[&str] =
    &["resource_name", "deployment_id", "api_version", "tenant_id", "client_id", "client_secret"];

const FOUNDRY: &[&str] = &["resource_name", "tenant_id", "client_id", "client_secret"];

const VERTEX: &[&str] =
    &["model", "location", "project_id", "credentials", "credentials_content", "anthropic_version"];

/// All that Bedrock takes.
pub(super) const BEDROCK: &[&str] = &[
    "model",
    "model_id",
    "region",
    "api_key",
    "access_key_id",
    "secret_access_key",
    "session_token",
    "profile",
    "endpoint_url",
    "inference_configuration",
    "additional_model_request_fields",
    "default_role",
    "allowed_roles",
    "remap_roles",
    "allowed_role_metadata",
    "supports_streaming",
    "structured_output",
    "finish_reason_allow_list",
    "finish_reason_deny_list",
    "media_url_handler",
    "media_download",
    "http",
];

/// Names that vendors know in the body. They are sent as they are; the list only keeps them from being taken
/// for misspelt options, and lets a misspelt one be recognised.
const BODY: &[&str] = &[
    "model",
    "temperature",
    "top_p",
    "top_k",
    "max_tokens",
    "max_completion_tokens",
    "max_output_tokens",
    "frequency_penalty",
    "presence_penalty",
    "repetition_penalty",
    "logit_bias",
    "logprobs",
    "top_logprobs",
    "parallel_tool_calls",
    "reasoning",
    "reasoning_effort",
    "response_format",
    "safetySettings",
    "generationConfig",
    "generation_config",
    "safety_settings",
    "thinkingConfig",
    "thinking",
    "service_tier",
    "stop",
    "stop_sequences",
    "stream",
    "stream_options",
    "tool_choice",
    "tools",
    "toolConfig",
    "metadata",
    "messages",
    "modalities",
    "audio",
    "prediction",
    "provider",
    "providers",
    "publisher",
    "models",
    "transforms",
    "options",
    "keep_alive",
    "num_ctx",
    "verbosity",
    "web_search_options",
    "prompt_cache_key",
    "prompt_cache_retention",
    "safety_identifier",
    "system",
    "proxy_url",
    "min_p",
    "seed",
    "store",
    "user",
    "format",
    "include",
    "include_reasoning",
    "instructions",
    "truncation",
    "text",
    "extra_body",
];

/// Whether the option is read by this room instead of being sent.
pub(super) fn is_read_here(options: OptionSet, key: &str) -> bool {
    match key {
        "api_key" => options != OptionSet::Vertex,
        "query_params" if options == OptionSet::Vertex => true,
        _ if OPENAI.contains(&key) => {
            matches!(
                options,
                OptionSet::OpenAi | OptionSet::BaseUrlRequired | OptionSet::Azure | OptionSet::Foundry
            )
        }
        _ => COMMON.contains(&key) || own(options).contains(&key),
    }
}

fn own(options: OptionSet) -> &'static [&'static str] {
    match options {
        OptionSet::Azure => AZURE,
        OptionSet::Foundry => FOUNDRY,
        OptionSet::Vertex => VERTEX,
        OptionSet::Bedrock => BEDROCK,
        OptionSet::Google => &["model"],
        OptionSet::OpenAi | OptionSet::BaseUrlRequired | OptionSet::Anthropic | OptionSet::Strategy => &[],
    }
}

/// The known option of which this unknown one is probably a misspelling.
pub(super) fn probably_meant(options: OptionSet, key: &str) -> Option<&'static str> {
    // Short names are near to everything.
    let candidates = || COMMON.iter().chain(OPENAI).chain(own(options)).chain(BODY);
    if key.len() < 5 || candidates().any(|known| *known == key) {
        return None;
    }
    nearest(key, candidates().copied().filter(|known| known.len() >= 5))
}

#[cfg(test)]
mod tests {
    use super::probably_meant;
    use crate::provider::OptionSet;

    #[test]
    fn misspelt_options_are_recognised_and_others_left_alone() {
        let meant = |key| probably_meant(OptionSet::OpenAi, key);
        assert_eq!(meant("base_ulr"), Some("base_url"));
        assert_eq!(meant("temprature"), Some("temperature"));
        assert_eq!(meant("apiKey"), Some("api_key"));
        assert_eq!(meant("remap_role"), Some("remap_roles"));
        assert_eq!(meant("media_url_resolver"), Some("media_url_handler"));
        for known in ["temperature", "base_url", "top_k", "n", "resource", "my_vendor_switch"] {
            assert_eq!(meant(known), None, "{known}");
        }
    }
}
