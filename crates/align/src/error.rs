//! What the caller learns when an answer does not fit: each place, what was expected there and what was found.
//! Every message of this room is made here.

use std::fmt;

use crate::coerce::Aligner;
use crate::document::{Document, Kind, NONE, NodeId};
use crate::expected;
use crate::failure::{Failure, FailureId, Reason};
use crate::print;
use crate::reader::MAX_DEPTH;
use crate::shape::{ShapeId, ShapeKind};

/// How much of the found text a message shows, in bytes.
const SHOWN: usize = 80;
/// How much of the name of a type.
const SHOWN_TYPE: usize = 160;
/// How many of the names that were found where one is wanted.
const NAMED: usize = 8;
/// How many problems a message lists.
const LISTED: usize = 20;
/// Of how many members of a union it is told what is wrong with them.
const MEMBERS: usize = 3;

/// The answer does not fit the type.
#[derive(Clone, Debug)]
pub struct Error(Box<Inner>);

#[derive(Clone, Debug)]
struct Inner {
    kind: ErrorKind,
    problems: Vec<Problem>,
}

/// What kind of error it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The text does not fit the type.
    Mismatch,
    /// Of an unfinished answer there is nothing to show yet.
    Incomplete,
    /// The text nests too deep or is too long to be read.
    Limit,
}

/// One place where the answer does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where in the answer: `items[2].name`; empty for the answer itself.
    path: String,
    expected: Option<String>,
    found: Option<String>,
    message: String,
}

impl Problem {
    /// Where in the value: `items[2].name`, empty for the value itself.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The type that was expected there, as a user would write it; `None` when it is not about the type.
    #[must_use]
    pub fn expected(&self) -> Option<&str> {
        self.expected.as_deref()
    }

    /// What stands there (the beginning of it); `None` when nothing does.
    #[must_use]
    pub fn found(&self) -> Option<&str> {
        self.found.as_deref()
    }

    /// The problem in a sentence, without the path.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl Error {
    /// What kind of error it is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Whether more text may mend it: a partial answer has nothing to show yet.
    #[must_use]
    pub fn is_incomplete(&self) -> bool {
        self.0.kind == ErrorKind::Incomplete
    }

    /// Every place where the answer does not fit; never empty.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.0.problems
    }

    pub(crate) fn too_deep() -> Self {
        Self::limit(format!("the answer nests deeper than {MAX_DEPTH} objects and lists, and cannot be read"))
    }

    pub(crate) fn too_long(length: usize) -> Self {
        Self::limit(format!("the answer is {length} bytes long; the limit is 2 GiB"))
    }

    fn limit(message: String) -> Self {
        let problem = Problem { path: String::new(), expected: None, found: None, message };
        Self(Box::new(Inner { kind: ErrorKind::Limit, problems: vec![problem] }))
    }

    /// The error that a recorded failure stands for.
    pub(crate) fn of(aligner: &Aligner<'_, '_, '_>, failure: FailureId) -> Self {
        let mut report = Report { aligner, problems: Vec::new(), incomplete: true, brief: false };
        report.explain(failure, String::new(), 0);
        let kind = if report.incomplete { ErrorKind::Incomplete } else { ErrorKind::Mismatch };
        Self(Box::new(Inner { kind, problems: report.problems }))
    }
}

/// A recorded failure in a few words: `b: is missing; expected string (and 2 more)`.
pub(crate) fn in_brief(aligner: &Aligner<'_, '_, '_>, failure: FailureId) -> String {
    let Failure { reason, shape, .. } = aligner.failures.get(failure);
    match reason {
        Reason::Mismatch => return format!("expected {}", type_name(aligner, *shape)),
        Reason::Assert(assert) => return format!("{} does not hold", assert_name(assert)),
        Reason::Members(members) => {
            return match *near_members(aligner, members) {
                [] => format!("expected {}", type_name(aligner, *shape)),
                [only] => in_brief(aligner, only),
                ref several => as_members(aligner, several),
            };
        }
        _ => {}
    }
    let mut report = Report { aligner, problems: Vec::new(), incomplete: true, brief: true };
    report.explain(failure, String::new(), 0);
    let more = match report.problems.len() {
        0 | 1 => String::new(),
        count => format!(" (and {} more)", count - 1),
    };
    report.problems.first().map_or_else(String::new, |problem| match problem.path.as_str() {
        "" => format!("{}{more}", problem.message),
        path => format!("{path}: {}{more}", problem.message),
    })
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let problems = &self.0.problems;
        f.write_str(match self.0.kind {
            ErrorKind::Mismatch => "the answer does not fit its type",
            ErrorKind::Incomplete => "the answer is not complete enough to show",
            ErrorKind::Limit => "the answer cannot be read",
        })?;
        for problem in problems.iter().take(LISTED) {
            if problem.path.is_empty() {
                write!(f, "\n  {}", problem.message)?;
            } else {
                write!(f, "\n  {}: {}", problem.path, problem.message)?;
            }
        }
        if problems.len() > LISTED {
            write!(f, "\n  and {} more", problems.len() - LISTED)?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

struct Report<'a, 's, 't, 'j> {
    aligner: &'a Aligner<'s, 't, 'j>,
    problems: Vec<Problem>,
    /// Nothing but what is unfinished.
    incomplete: bool,
    /// A union is told in one sentence, without its members.
    brief: bool,
}

impl Report<'_, '_, '_, '_> {
    /// Puts a failure into words. What failed inside of it is told at its own path.
    fn explain(&mut self, failure: FailureId, path: String, depth: usize) {
        let failure = self.aligner.failures.get(failure);
        let (node, shape) = (failure.node, failure.shape);
        let expected = self.expected(shape);
        self.incomplete &= matches!(failure.reason, Reason::Unfinished | Reason::Fields(_));
        let message = match &failure.reason {
            Reason::Fields(fields) if depth < MAX_DEPTH => {
                let ShapeKind::Class(class) = self.aligner.shapes.get(shape).kind else { return };
                let class = self.aligner.shapes.schema().class(class);
                for (field, inner) in fields {
                    let name = class.fields.get(*field).map_or("", |field| &*field.name);
                    let path = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
                    self.explain(*inner, path, depth + 1);
                }
                return;
            }
            Reason::Items(inner) if depth < MAX_DEPTH => {
                return self.explain(*inner, format!("{path}[0]"), depth + 1);
            }
            Reason::Members(members) if depth < MAX_DEPTH && !self.brief => {
                match *near_members(self.aligner, members) {
                    [only] => return self.explain(only, path, depth + 1),
                    ref several => {
                        let found = self.found_words(node);
                        let each = as_members(self.aligner, several);
                        let each = if each.is_empty() { each } else { format!("; {each}") };
                        format!("expected {expected}, found {found}{each}")
                    }
                }
            }
            Reason::Mismatch | Reason::Members(_) | Reason::Fields(_) | Reason::Items(_) => {
                format!("expected {expected}, found {}", self.found_words(node))
            }
            Reason::Ambiguous(names) => {
                let shown: Vec<String> = names.iter().take(NAMED).map(|name| format!("`{name}`")).collect();
                let more = match names.len() - shown.len() {
                    0 => String::new(),
                    more => format!(" and {more} more"),
                };
                format!("expected one value of {expected}, found several: {}{more}", shown.join(", "))
            }
            Reason::OutOfRange => format!("{} is out of the range of {expected}", self.found_words(node)),
            Reason::Missing => format!("is missing; expected {expected}"),
            Reason::Assert(assert) => {
                let assert = assert_name(assert);
                match node {
                    NONE => {
                        format!("is missing, and {assert} does not hold for the empty value in its place")
                    }
                    node => format!("{assert} does not hold for {}", self.found_words(node)),
                }
            }
            Reason::Expression(told) => {
                let (name, why) = &**told;
                match name {
                    Some(name) => format!("the assert `{name}` cannot be judged: {why}"),
                    None => format!("an assert cannot be judged: {why}"),
                }
            }
            Reason::Unfinished => format!("is not complete; expected {expected}"),
            Reason::Endless => format!("expected {expected}, which contains itself here without end"),
            Reason::TooDeep => {
                format!("expected {expected}, but the answer and its type nest too deep to be read")
            }
            Reason::Media => format!("expected {expected}, which a model cannot answer with in text"),
        };
        self.problems.push(Problem { path, expected: Some(expected), found: self.found(node), message });
    }

    fn expected(&self, shape: ShapeId) -> String {
        type_name(self.aligner, shape)
    }

    /// The beginning of what stands at the node.
    fn found(&self, node: NodeId) -> Option<String> {
        found(&self.aligner.document, node)
    }

    fn found_words(&self, node: NodeId) -> String {
        found_words(&self.aligner.document, node)
    }
}

/// The members of a union whose failures tell more than that they are not there: classes that were read as such, and
/// those with an assert that does not hold.
fn near_members(aligner: &Aligner<'_, '_, '_>, members: &[FailureId]) -> Vec<FailureId> {
    let is_near = |failure: &FailureId| {
        let reason = &aligner.failures.get(*failure).reason;
        matches!(reason, Reason::Fields(_) | Reason::Assert(_) | Reason::Expression(_))
    };
    members.iter().copied().filter(is_near).collect()
}

/// What is wrong with each of several members.
fn as_members(aligner: &Aligner<'_, '_, '_>, members: &[FailureId]) -> String {
    let each = members.iter().take(MEMBERS).map(|failure| {
        let shape = aligner.failures.get(*failure).shape;
        format!("as {}, {}", type_name(aligner, shape), in_brief(aligner, *failure))
    });
    each.collect::<Vec<_>>().join("; ")
}

/// An assert by its name, if it has one, and its expression.
fn assert_name((name, expression): &(Option<types::Name>, types::Name)) -> String {
    let expression = in_line(expression);
    match name {
        Some(name) => format!("the assert `{name}` (`{expression}`)"),
        None => format!("the assert `{expression}`"),
    }
}

/// The type as a user would write it, and the beginning of a long union.
fn type_name(aligner: &Aligner<'_, '_, '_>, shape: ShapeId) -> String {
    cut(expected::name(aligner.shapes.schema(), aligner.shapes.get(shape).ty), SHOWN_TYPE)
}

/// An expression on one line, and its beginning if it is long.
fn in_line(expression: &str) -> String {
    cut(expression.split_whitespace().collect::<Vec<_>>().join(" "), SHOWN)
}

/// The beginning of a text that is longer than `limit` bytes.
fn cut(text: String, limit: usize) -> String {
    let mut end = text.len().min(limit);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    if end < text.len() { format!("{}…", &text[..end]) } else { text }
}

/// The beginning of what stands at a node; `None` where nothing does.
fn found(document: &Document<'_>, node: NodeId) -> Option<String> {
    if node == NONE {
        return None;
    }
    let text = match document.node(node).kind {
        Kind::List | Kind::Object => print::limited(document, node, SHOWN),
        _ => document.text(node).to_owned(),
    };
    Some(cut(text, SHOWN))
}

/// What stands at a node, in words: `the number 5`.
pub(crate) fn found_words(document: &Document<'_>, node: NodeId) -> String {
    let Some(found) = found(document, node) else { return "nothing".to_owned() };
    match document.node(node).kind {
        Kind::Null => "null".to_owned(),
        Kind::True | Kind::False => format!("the bool {found}"),
        Kind::Number => format!("the number {found}"),
        Kind::Raw if found.trim().is_empty() => "an empty answer".to_owned(),
        Kind::String | Kind::Bare | Kind::Key | Kind::Raw => format!("the text \"{found}\""),
        Kind::List => format!("the list {found}"),
        Kind::Object => format!("the object {found}"),
    }
}
