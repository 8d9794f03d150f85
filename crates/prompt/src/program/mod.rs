//! Template text to instructions that are ready to run.

mod assembly;
mod guard;
mod operators;
mod position;
mod rewrite;

use std::collections::BTreeMap;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

use minijinja::machinery::{
    CodeGenerator, Instructions, Vm, WhitespaceConfig, ast, make_string_output, parse, parse_expr,
};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Value;
use minijinja::{AutoEscape, Environment, Error, ErrorKind};

use crate::failures;

pub(crate) use assembly::{Assembly, Library};
pub(crate) use operators::register;
pub(crate) use position::Positions;

/// The instructions of a template, and the blocks that the engine's entry point wants (there are never any).
struct Code<'a> {
    instructions: Instructions<'a>,
    blocks: BTreeMap<&'a str, Instructions<'a>>,
}

self_cell::self_cell!(
    struct Compiled {
        owner: String,
        #[covariant]
        dependent: Code,
    }
);

/// A compiled template.
pub(crate) struct Program(Compiled);

/// Why a template does not compile.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Flaw {
    /// What is wrong, in the engine's words.
    pub(crate) detail: String,
    /// Where, in bytes of the template.
    pub(crate) range: Range<usize>,
}

impl Program {
    /// Compiles a template.
    pub(crate) fn compile(source: &str) -> Result<Self, Flaw> {
        guard::check(source)?;
        // The engine folds constants while it compiles, and panics on some of those it cannot compare.
        let compiled =
            catch_unwind(AssertUnwindSafe(|| Compiled::try_new(source.to_owned(), |source| code(source))));
        match compiled {
            Ok(Ok(compiled)) if rewrite::constants_are_bounded(&compiled.borrow_dependent().instructions) => {
                Ok(Self(compiled))
            }
            Ok(Ok(_)) => Err(Flaw { detail: failures::text_too_long(), range: 0..source.len() }),
            Ok(Err(error)) => Err(flaw(source, &error)),
            Err(_) => Err(Flaw { detail: failures::constant_not_computable(), range: 0..source.len() }),
        }
    }

    /// Whether the text is one expression and nothing else.
    pub(crate) fn check_expression(expression: &str) -> Result<(), Flaw> {
        guard::check_expression(expression)?;
        match catch_unwind(|| parse_expr(expression).map(drop)) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(flaw(expression, &error)),
            Err(_) => Err(Flaw { detail: failures::constant_not_computable(), range: 0..expression.len() }),
        }
    }

    /// Runs the template.
    pub(crate) fn run(&self, environment: &Environment<'static>, context: Value) -> Result<String, Error> {
        let code = self.0.borrow_dependent();
        let mut text = String::new();
        let run = catch_unwind(AssertUnwindSafe(|| {
            let mut output = make_string_output(&mut text);
            let vm = Vm::new(environment);
            vm.eval(&code.instructions, context, &code.blocks, &mut output, AutoEscape::None).map(|_| ())
        }));
        match run {
            Ok(result) => result.map(|()| text),
            Err(_) => Err(Error::new(ErrorKind::InvalidOperation, failures::engine_panicked())),
        }
    }

    /// The text it was compiled from.
    pub(crate) fn source(&self) -> &str {
        self.0.borrow_owner()
    }
}

/// The tree of a template that compiles.
pub(crate) fn tree(source: &str) -> Option<ast::Stmt<'_>> {
    guard::check(source).ok()?;
    catch_unwind(|| parse(source, "prompt", SyntaxConfig, WHITESPACE).ok()).ok().flatten()
}

/// The tree of an expression that compiles.
pub(crate) fn expression_tree(source: &str) -> Option<ast::Expr<'_>> {
    guard::check_expression(source).ok()?;
    catch_unwind(|| parse_expr(source).ok()).ok().flatten()
}

const WHITESPACE: WhitespaceConfig =
    WhitespaceConfig { keep_trailing_newline: true, lstrip_blocks: true, trim_blocks: true };

fn code(source: &str) -> Result<Code<'_>, Error> {
    let tree = parse(source, "prompt", SyntaxConfig, WHITESPACE)?;
    let mut generator = CodeGenerator::new("prompt", source);
    generator.compile_stmt(&tree);
    let (instructions, blocks) = generator.finish();
    Ok(Code { instructions: rewrite::rewrite(&instructions), blocks })
}

fn flaw(source: &str, error: &Error) -> Flaw {
    let detail = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
    let range = error.range().filter(|range| source.get(range.clone()).is_some()).unwrap_or_else(|| {
        let line = error.line().unwrap_or(1).saturating_sub(1);
        let start = source.split_inclusive('\n').take(line).map(str::len).sum();
        start..start + source[start..].lines().next().map_or(0, str::len)
    });
    Flaw { detail, range }
}
