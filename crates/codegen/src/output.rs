//! What a generator is told, and what it answers.

/// One file of a generated client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GeneratedFile {
    /// Relative to the client's folder, with `/` between its parts.
    pub path: String,
    /// The whole text, ending in a newline.
    pub text: String,
}

/// What a `generator` block says about a TypeScript client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// How files of the client name each other.
    pub module_format: ModuleFormat,
    /// Which client `index` exports as `b`.
    pub default_client_mode: ClientMode,
    /// The version of the generator, which the package compares with its own when the client is loaded.
    pub version: String,
}

/// How files of the client name each other: `module_format`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ModuleFormat {
    /// `./types`, for `require` and for bundlers.
    #[default]
    Cjs,
    /// `./types.js`, for ECMAScript modules that Node loads itself.
    Esm,
}

/// Which client is `b`: `default_client_mode`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClientMode {
    /// Calls return promises.
    #[default]
    Async,
    /// Calls block.
    Sync,
}
