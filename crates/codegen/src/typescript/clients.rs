//! The clients: `async_client.ts`, `sync_client.ts`, the request builders, the planner and the parsers. Each
//! method is one line that hands its arguments to a base class of the package.

use schema::Function;
use types::Type;

use super::Client;
use super::expression::{Expressions, Form, Place, Used};
use super::names;
use super::signature::Signature;
use super::text::Text;

/// What one class of a generated file does for each function.
struct Methods {
    /// The class.
    name: &'static str,
    /// What the class is for, in the words of its doc comment.
    docs: &'static str,
    /// The class of the package that it extends.
    base: &'static str,
    /// The method of the base that each of its methods calls.
    call: &'static str,
    /// What its methods take.
    takes: Takes,
    /// What its methods return, for what the function returns.
    returns: for<'a> fn(Expressions<'a>, &'a Type) -> String,
}

/// What a method takes before the options.
#[derive(PartialEq, Eq)]
enum Takes {
    /// The function's parameters.
    Parameters,
    /// The text that a model answered.
    Reply,
}

const ASYNC_REQUESTS: [Methods; 2] = [
    Methods {
        name: "AsyncHttpRequest",
        docs: "Builds the HTTP request that a call would send, and sends nothing.",
        base: "AsyncRequestBase",
        call: "build",
        takes: Takes::Parameters,
        returns: |expressions, _| format!("Promise<{}>", expressions.package("HttpRequest")),
    },
    Methods {
        name: "AsyncHttpStreamRequest",
        docs: "Builds the HTTP request that a streamed call would send, and sends nothing.",
        base: "AsyncRequestBase",
        call: "buildStream",
        takes: Takes::Parameters,
        returns: |expressions, _| format!("Promise<{}>", expressions.package("HttpRequest")),
    },
];

const SYNC_REQUESTS: [Methods; 2] = [
    Methods {
        name: "HttpRequest",
        docs: "Builds the HTTP request that a call would send, and sends nothing.",
        base: "SyncRequestBase",
        call: "build",
        takes: Takes::Parameters,
        returns: |expressions, _| expressions.package("HttpRequest"),
    },
    Methods {
        name: "HttpStreamRequest",
        docs: "Builds the HTTP request that a streamed call would send, and sends nothing.",
        base: "SyncRequestBase",
        call: "buildStream",
        takes: Takes::Parameters,
        returns: |expressions, _| expressions.package("HttpRequest"),
    },
];

/// The one class for both clients: a plan needs no waiting. It stands beside the requests that come at once.
const PLANS: Methods = Methods {
    name: "BamlPlanner",
    docs: "Says what a call would do: which clients it would ask, in which order. Sends nothing.",
    base: "PlanBase",
    call: "plan",
    takes: Takes::Parameters,
    returns: |expressions, _| expressions.package("Plan"),
};

const PARSERS: [Methods; 2] = [
    Methods {
        name: "LlmResponseParser",
        docs: "Reads a model's whole answer as the type that the function returns.",
        base: "ParserBase",
        call: "parse",
        takes: Takes::Reply,
        returns: |expressions, ty| expressions.ty(ty, Form::Full),
    },
    Methods {
        name: "LlmStreamParser",
        docs: "Reads what has arrived of a model's answer as a partial value.",
        base: "ParserBase",
        call: "parsePartial",
        takes: Takes::Reply,
        returns: |expressions, ty| expressions.ty(ty, Form::Partial),
    },
];

const STREAMS: Methods = Methods {
    name: "BamlStreamClient",
    docs: "Streams answers: partial values as they grow, then the whole one.",
    base: "StreamClientBase",
    call: "call",
    takes: Takes::Parameters,
    returns: |expressions, ty| {
        let (partial, full) = (expressions.ty(ty, Form::Partial), expressions.ty(ty, Form::Full));
        expressions.package(&format!("BamlStream<{partial}, {full}>"))
    },
};

const ASYNC_CALLS: Methods = Methods {
    name: "BamlAsyncClient",
    docs: "Calls the functions of the program.",
    base: "AsyncClientBase",
    call: "call",
    takes: Takes::Parameters,
    returns: |expressions, ty| format!("Promise<{}>", expressions.ty(ty, Form::Full)),
};

const SYNC_CALLS: Methods = Methods {
    name: "BamlSyncClient",
    docs: "Calls the functions of the program, and blocks until each has answered.",
    base: "SyncClientBase",
    call: "call",
    takes: Takes::Parameters,
    returns: |expressions, ty| expressions.ty(ty, Form::Full),
};

const ASYNC_PARTS: &[(&str, &str)] = &[
    ("stream", "BamlStreamClient"),
    ("request", "AsyncHttpRequest"),
    ("streamRequest", "AsyncHttpStreamRequest"),
    ("parse", "LlmResponseParser"),
    ("parseStream", "LlmStreamParser"),
    ("plan", "BamlPlanner"),
];

const SYNC_PARTS: &[(&str, &str)] = &[
    ("request", "HttpRequest"),
    ("streamRequest", "HttpStreamRequest"),
    ("parse", "LlmResponseParser"),
    ("parseStream", "LlmStreamParser"),
    ("plan", "BamlPlanner"),
];

impl Client<'_> {
    pub(super) fn async_client(&self) -> String {
        let used = Used::default();
        let mut body = Text::default();
        self.class(&mut body, &used, &STREAMS, &[]);
        body.gap();
        self.class(&mut body, &used, &ASYNC_CALLS, ASYNC_PARTS);
        body.gap();
        body.line("export const b: BamlAsyncClient = new BamlAsyncClient(project)");
        self.client_file(
            &[ASYNC_CALLS.base, STREAMS.base],
            &[
                format!(
                    "import {{ AsyncHttpRequest, AsyncHttpStreamRequest }} from {}",
                    self.sibling("async_request")
                ),
                format!("import {{ BamlPlanner }} from {}", self.sibling("sync_request")),
            ],
            &used,
            &body.finish(),
        )
    }

    pub(super) fn sync_client(&self) -> String {
        let used = Used::default();
        let mut body = Text::default();
        self.class(&mut body, &used, &SYNC_CALLS, SYNC_PARTS);
        body.gap();
        body.line("export const b: BamlSyncClient = new BamlSyncClient(project)");
        self.client_file(
            &[SYNC_CALLS.base],
            &[format!(
                "import {{ BamlPlanner, HttpRequest, HttpStreamRequest }} from {}",
                self.sibling("sync_request")
            )],
            &used,
            &body.finish(),
        )
    }

    /// A file that exports a `b`.
    fn client_file(&self, bases: &[&str], requests: &[String], used: &Used, body: &str) -> String {
        let mut imports = requests.to_vec();
        imports.push(format!("import {{ project }} from {}", self.sibling("globals")));
        imports
            .push(format!("import {{ LlmResponseParser, LlmStreamParser }} from {}", self.sibling("parser")));
        used.package.set(true);
        let mut text = self.imports(bases, &imports, used);
        text.gap();
        text.line("export type { RecursivePartialNull } from \"@boundaryml/baml/client\"");
        text.gap();
        text.docs("", Some("What every call takes after its arguments."));
        text.line("export type BamlCallOptions = baml.CallOptions");
        text.gap();
        text.line(body);
        text.finish()
    }

    pub(super) fn async_request(&self) -> String {
        self.parts_file(&ASYNC_REQUESTS.each_ref(), "RequestOptions")
    }

    pub(super) fn sync_request(&self) -> String {
        let [call, stream] = &SYNC_REQUESTS;
        self.parts_file(&[call, stream, &PLANS], "RequestOptions")
    }

    pub(super) fn parser(&self) -> String {
        self.parts_file(&PARSERS.each_ref(), "ParseOptions")
    }

    /// A file with classes that a client has as its parts.
    fn parts_file(&self, classes: &[&Methods], options: &str) -> String {
        let used = Used::default();
        let mut body = Text::default();
        for methods in classes {
            body.gap();
            self.class(&mut body, &used, methods, &[]);
        }
        let takes_options = !self.schema.functions.is_empty();
        if takes_options {
            used.package.set(true);
        }
        let mut bases: Vec<&str> = classes.iter().map(|methods| methods.base).collect();
        bases.dedup();
        bases.sort_unstable();
        let mut text = self.imports(&bases, &[], &used);
        if takes_options {
            text.gap();
            text.line(format!("type BamlCallOptions = baml.{options}"));
        }
        text.gap();
        text.line(body.finish());
        text.finish()
    }

    /// The imports of a file.
    fn imports(&self, bases: &[&str], more: &[String], used: &Used) -> Text {
        let mut text = Text::default();
        text.line(format!("import {{ {} }} from \"@boundaryml/baml/client\"", bases.join(", ")));
        if used.package.get() {
            text.line("import type * as baml from \"@boundaryml/baml/client\"");
        }
        for line in more {
            text.line(line);
        }
        if used.partial_types.get() {
            text.line(format!("import type {{ partial_types }} from {}", self.sibling("partial_types")));
        }
        if used.types.get() {
            text.line(format!("import type * as types from {}", self.sibling("types")));
        }
        text
    }

    fn class(&self, text: &mut Text, used: &Used, methods: &Methods, parts: &[(&str, &str)]) {
        text.docs("", Some(methods.docs));
        text.line(format!("export class {} extends {} {{", methods.name, methods.base));
        for (name, class) in parts {
            text.line(format!("  readonly {name}: {class} = new {class}(this.project, this.options)"));
        }
        for function in self.schema.functions.values() {
            text.gap_inside();
            text.docs("  ", function.docs.as_deref());
            text.line(self.method(used, methods, function));
        }
        text.line("}");
    }

    fn method(&self, used: &Used, methods: &Methods, function: &Function) -> String {
        let expressions = Expressions::new(self.schema, Place::Elsewhere, used);
        let returns = (methods.returns)(expressions, &function.returns);
        let name = &function.name;
        let quoted = names::string(name);
        let call = methods.call;
        if methods.takes == Takes::Reply {
            return format!(
                "  {name}(llmResponse: string, options?: BamlCallOptions): {returns} {{ return this.{call}({quoted}, llmResponse, options) }}"
            );
        }
        let signature = Signature::new(self.schema, expressions, function);
        format!(
            "  {name}({}): {returns} {{ return this.{call}({quoted}, {}, {}) }}",
            signature.with_options(),
            signature.arguments,
            signature.options
        )
    }
}
