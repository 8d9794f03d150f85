//! The provider table: one row per vendor. A vendor that speaks a known dialect is a row here, not code.

use crate::media::{MediaHandlers, MediaHandling};

/// A vendor, or a strategy that chooses among clients.
#[derive(Debug, PartialEq, Eq)]
pub struct Provider {
    /// The name in `.baml` files and in `addLlmClient`; case matters.
    pub name: &'static str,
    /// Names that mean the same, kept for old sources.
    pub aliases: &'static [&'static str],
    /// Words that people write when they mean this provider: used for "did you mean" only.
    pub also_called: &'static [&'static str],
    /// A model behind a wire format, or a strategy.
    pub kind: ProviderKind,
    /// Where requests go unless `base_url` says otherwise; `None` when there is no such place.
    pub base_url: Option<&'static str>,
    /// How the key travels.
    pub auth: Auth,
    /// The environment variable that holds the key unless `api_key` says otherwise.
    pub key_variable: Option<&'static str>,
    /// Whether requests can go without a key: where the variable is not set, none is sent.
    pub key_is_optional: bool,
    /// The role of text that no role was given to.
    pub default_role: &'static str,
    /// Which options it takes beside the common ones, and which it needs.
    pub options: OptionSet,
    /// `max_tokens` when the user gave none.
    pub max_tokens: Option<u32>,
    /// What is done with media URLs unless `media_url_handler` says otherwise.
    pub media: MediaHandlers,
    /// Whether a message of plain text is sent as a string instead of a list of parts.
    pub plain_text_content: bool,
    /// Whether a stream reports usage only when asked to.
    pub asks_for_stream_usage: bool,
}

/// What a provider is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProviderKind {
    /// A model that is called over HTTP.
    Model(Dialect),
    /// A choice among other clients.
    Strategy(StrategyKind),
}

/// A wire format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// OpenAI chat completions.
    OpenAiChat,
    /// OpenAI responses.
    OpenAiResponses,
    /// Anthropic messages.
    Anthropic,
    /// Gemini `generateContent`.
    Google,
    /// Gemini and Claude on Vertex AI.
    Vertex,
    /// Amazon Bedrock `converse`.
    Bedrock,
}

/// How a strategy chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StrategyKind {
    /// The first member that answers.
    Fallback,
    /// Each call takes the next member.
    RoundRobin,
    /// Each call takes one member, by chance or by a key, in the proportion of their weights.
    Weighted,
}

/// How the key travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Auth {
    /// `Authorization: Bearer KEY`.
    Bearer,
    /// The key alone, in this header.
    Header(&'static str),
    /// Not by a key: the cloud's own credentials, or nothing to send.
    None,
}

/// Which options a provider takes beside the common ones, and which it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OptionSet {
    /// The common ones, `query_params` and `client_response_type`; every other goes into the request body.
    OpenAi,
    /// As `OpenAi`, and `base_url` is required.
    BaseUrlRequired,
    /// The common ones; every other goes into the request body.
    Anthropic,
    /// As `Anthropic`, and `model` is required.
    Google,
    /// As `OpenAi`, and `base_url`, or `resource_name` with `deployment_id`.
    Azure,
    /// As `OpenAi`, and `base_url` or `resource_name`.
    Foundry,
    /// As `Google`, and `location` or `base_url`; credentials in place of a key.
    Vertex,
    /// Bedrock: its own list, and nothing goes into the body unasked.
    Bedrock,
    /// Strategies: `strategy`, `http.total_timeout_ms`, and what each kind adds.
    Strategy,
}

impl Provider {
    /// The wire format, unless it is a strategy.
    #[must_use]
    pub fn dialect(&self) -> Option<Dialect> {
        match self.kind {
            ProviderKind::Model(dialect) => Some(dialect),
            ProviderKind::Strategy(_) => None,
        }
    }

    /// How it chooses, if it is a strategy.
    #[must_use]
    pub fn strategy(&self) -> Option<StrategyKind> {
        match self.kind {
            ProviderKind::Model(_) => None,
            ProviderKind::Strategy(kind) => Some(kind),
        }
    }
}

/// The row with this name or alias.
#[must_use]
pub fn provider(name: &str) -> Option<&'static Provider> {
    PROVIDERS.iter().find(|row| row.name == name || row.aliases.contains(&name))
}

/// The provider that was probably meant by an unknown name.
#[must_use]
pub fn nearest_provider(name: &str) -> Option<&'static str> {
    let lower = name.trim().to_lowercase();
    PROVIDERS
        .iter()
        .find(|row| row.also_called.contains(&lower.as_str()))
        .map(|row| row.name)
        .or_else(|| types::nearest(&lower, PROVIDERS.iter().map(|row| row.name)))
}

/// Every provider, in the order in which messages list them.
pub static PROVIDERS: &[Provider] = &[
    Provider {
        name: "openai",
        aliases: &["baml-openai-chat"],
        also_called: &["gpt", "chatgpt", "open-ai"],
        asks_for_stream_usage: true,
        ..OPENAI_CHAT
    },
    Provider {
        name: "openai-responses",
        also_called: &["responses"],
        kind: ProviderKind::Model(Dialect::OpenAiResponses),
        ..OPENAI_CHAT
    },
    Provider {
        name: "openai-generic",
        also_called: &["generic", "openai-compatible"],
        base_url: None,
        key_variable: None,
        options: OptionSet::BaseUrlRequired,
        plain_text_content: true,
        ..OPENAI_CHAT
    },
    Provider {
        name: "azure-openai",
        aliases: &["baml-azure-chat"],
        also_called: &["azure", "azureopenai", "openai-azure"],
        base_url: None,
        auth: Auth::Header("api-key"),
        key_variable: Some("AZURE_OPENAI_API_KEY"),
        options: OptionSet::Azure,
        max_tokens: Some(4096),
        ..OPENAI_CHAT
    },
    Provider {
        name: "anthropic",
        aliases: &["baml-anthropic-chat"],
        also_called: &["claude"],
        kind: ProviderKind::Model(Dialect::Anthropic),
        base_url: Some("https://api.anthropic.com"),
        auth: Auth::Header("x-api-key"),
        key_variable: Some("ANTHROPIC_API_KEY"),
        default_role: "user",
        options: OptionSet::Anthropic,
        max_tokens: Some(4096),
        media: MediaHandlers { pdf: MediaHandling::SendBase64, ..MediaHandlers::SEND_URLS },
        ..OPENAI_CHAT
    },
    Provider {
        name: "google-ai",
        also_called: &["google", "gemini", "googleai"],
        kind: ProviderKind::Model(Dialect::Google),
        base_url: Some("https://generativelanguage.googleapis.com/v1beta"),
        auth: Auth::Header("x-goog-api-key"),
        key_variable: Some("GOOGLE_API_KEY"),
        default_role: "user",
        options: OptionSet::Google,
        media: MediaHandlers { image: MediaHandling::SendBase64UnlessGoogleUrl, ..MediaHandlers::SEND_URLS },
        ..OPENAI_CHAT
    },
    Provider {
        name: "vertex-ai",
        also_called: &["vertex", "vertexai", "google-vertex"],
        kind: ProviderKind::Model(Dialect::Vertex),
        base_url: None,
        auth: Auth::None,
        key_variable: None,
        default_role: "user",
        options: OptionSet::Vertex,
        media: MediaHandlers {
            image: MediaHandling::SendUrlAddMimeType,
            audio: MediaHandling::SendUrlAddMimeType,
            ..MediaHandlers::SEND_URLS
        },
        ..OPENAI_CHAT
    },
    Provider {
        name: "aws-bedrock",
        also_called: &["bedrock", "aws", "amazon", "amazon-bedrock"],
        kind: ProviderKind::Model(Dialect::Bedrock),
        base_url: None,
        auth: Auth::None,
        key_variable: None,
        default_role: "user",
        options: OptionSet::Bedrock,
        media: MediaHandlers { video: MediaHandling::SendUrl, ..MediaHandlers::SEND_CONTENT },
        ..OPENAI_CHAT
    },
    Provider {
        name: "ollama",
        aliases: &["baml-ollama-chat"],
        also_called: &["llama"],
        base_url: Some("http://localhost:11434/v1"),
        key_variable: None,
        default_role: "user",
        ..OPENAI_CHAT
    },
    Provider {
        name: "openrouter",
        also_called: &["open-router"],
        base_url: Some("https://openrouter.ai/api/v1"),
        key_variable: Some("OPENROUTER_API_KEY"),
        ..OPENAI_CHAT
    },
    Provider {
        also_called: &["foundry", "microsoft-foundry", "azure-ai-foundry", "azure-ai"],
        base_url: None,
        auth: Auth::Header("api-key"),
        options: OptionSet::Foundry,
        asks_for_stream_usage: true,
        ..vendor("azure-foundry", "", "AZURE_AI_API_KEY")
    },
    vendor("cerebras", "https://api.cerebras.ai/v1", "CEREBRAS_API_KEY"),
    Provider {
        asks_for_stream_usage: true,
        ..vendor("deepseek", "https://api.deepseek.com/v1", "DEEPSEEK_API_KEY")
    },
    Provider {
        also_called: &["fireworks-ai"],
        ..vendor("fireworks", "https://api.fireworks.ai/inference/v1", "FIREWORKS_API_KEY")
    },
    Provider {
        also_called: &["github"],
        asks_for_stream_usage: true,
        ..vendor("github-models", "https://models.github.ai/inference", "GITHUB_TOKEN")
    },
    vendor("groq", "https://api.groq.com/openai/v1", "GROQ_API_KEY"),
    Provider {
        also_called: &["hf", "hugging-face"],
        asks_for_stream_usage: true,
        ..vendor("huggingface", "https://router.huggingface.co/v1", "HF_TOKEN")
    },
    Provider {
        also_called: &["lite-llm", "litellm-proxy"],
        key_is_optional: true,
        asks_for_stream_usage: true,
        ..vendor("litellm", "http://localhost:4000/v1", "LITELLM_API_KEY")
    },
    Provider {
        also_called: &["lm-studio"],
        key_variable: None,
        asks_for_stream_usage: true,
        ..vendor("lmstudio", "http://localhost:1234/v1", "")
    },
    Provider {
        also_called: &["mistral-ai", "mistralai"],
        ..vendor("mistral", "https://api.mistral.ai/v1", "MISTRAL_API_KEY")
    },
    Provider {
        also_called: &["nim", "nvidia-nim"],
        asks_for_stream_usage: true,
        ..vendor("nvidia", "https://integrate.api.nvidia.com/v1", "NVIDIA_API_KEY")
    },
    Provider {
        also_called: &["pplx", "sonar"],
        ..vendor("perplexity", "https://api.perplexity.ai", "PERPLEXITY_API_KEY")
    },
    Provider {
        also_called: &["together-ai", "togetherai"],
        ..vendor("together", "https://api.together.xyz/v1", "TOGETHER_API_KEY")
    },
    Provider {
        also_called: &["ai-gateway", "vercel"],
        asks_for_stream_usage: true,
        ..vendor("vercel-ai-gateway", "https://ai-gateway.vercel.sh/v1", "AI_GATEWAY_API_KEY")
    },
    Provider {
        key_is_optional: true,
        asks_for_stream_usage: true,
        ..vendor("vllm", "http://localhost:8000/v1", "VLLM_API_KEY")
    },
    Provider { also_called: &["grok", "x-ai"], ..vendor("xai", "https://api.x.ai/v1", "XAI_API_KEY") },
    strategy("fallback", &["baml-fallback"], &["failover"], StrategyKind::Fallback),
    strategy(
        "round-robin",
        &["baml-round-robin"],
        &["round_robin", "roundrobin", "load-balance"],
        StrategyKind::RoundRobin,
    ),
    strategy("weighted", &[], &["ab-test", "split", "random", "canary"], StrategyKind::Weighted),
];

/// What most rows share; a row says only how it differs.
const OPENAI_CHAT: Provider = Provider {
    name: "",
    aliases: &[],
    also_called: &[],
    kind: ProviderKind::Model(Dialect::OpenAiChat),
    base_url: Some("https://api.openai.com/v1"),
    auth: Auth::Bearer,
    key_variable: Some("OPENAI_API_KEY"),
    key_is_optional: false,
    default_role: "system",
    options: OptionSet::OpenAi,
    max_tokens: None,
    media: MediaHandlers { audio: MediaHandling::SendBase64, ..MediaHandlers::SEND_URLS },
    plain_text_content: false,
    asks_for_stream_usage: false,
};

/// A vendor that copies OpenAI chat: as `openai-generic`, with its URL and key variable known.
const fn vendor(name: &'static str, base_url: &'static str, key_variable: &'static str) -> Provider {
    Provider {
        name,
        base_url: Some(base_url),
        key_variable: Some(key_variable),
        plain_text_content: true,
        ..OPENAI_CHAT
    }
}

const fn strategy(
    name: &'static str,
    aliases: &'static [&'static str],
    also_called: &'static [&'static str],
    kind: StrategyKind,
) -> Provider {
    Provider {
        name,
        aliases,
        also_called,
        kind: ProviderKind::Strategy(kind),
        base_url: None,
        auth: Auth::None,
        key_variable: None,
        options: OptionSet::Strategy,
        ..OPENAI_CHAT
    }
}
