//! Text to tokens, one at a time. The grammar asks for structural tokens with [`Lexer::peek`] and
//! [`Lexer::bump`]; where a value may stand it asks for a whole value form instead (a quoted string, a raw
//! string, an unquoted text), because only the grammar knows that an unquoted text may begin here.
//!
//! Every search that can fail remembers that it failed, so that the cost stays linear in the source.

mod bare;
mod blocks;
mod escape;
mod normalise;
mod strings;
mod trivia;

pub(crate) use bare::{Bare, BareKind};
pub(crate) use blocks::KEYWORDS;
pub(crate) use strings::Lines;

use crate::{Diagnostic, FileId, Span};

/// More than this many things wrong in one file are not noted.
const MOST_REPORTED: usize = 1_000;

/// What a structural token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// Letters, digits and `_`, not starting with a digit. Letters of every script, so that a name with an
    /// accent is one token and one error.
    Word,
    /// Digits, with an optional minus before and any letters, digits, `_` and `.` after.
    Number,
    /// The `"` that opens a string. The string itself is taken with [`Lexer::quoted`].
    Quote,
    /// The `#"` that opens a raw string. The string itself is taken with [`Lexer::raw`].
    RawQuote,
    /// `->`
    Arrow,
    /// `@`
    At,
    /// `@@`
    AtAt,
    /// Any other character.
    Symbol(char),
    /// The end of the file.
    End,
}

/// A token, by its range of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Whether only blanks and comments stand between it and the start of its line.
    pub(crate) first_on_line: bool,
}

/// A cursor over one file.
pub(crate) struct Lexer<'a> {
    file: FileId,
    text: &'a str,
    /// How far the text was looked at.
    position: usize,
    /// The end of the last token taken.
    taken: usize,
    peeked: Option<Token>,
    /// The `///` lines between the last token taken and the peeked one.
    docs: Vec<(usize, usize)>,
    /// Where the next `//}` is, as far as it was looked for.
    block_comment_end: Option<usize>,
    /// A closing quote beyond the line is not looked for before this place.
    single_line_until: usize,
    /// The end of a Jinja expression beyond the line is not looked for before this place.
    single_line_expression_until: usize,
    /// The fewest hashes for which a closing raw quote was looked for up to the end of the file in vain.
    unclosed_hashes: usize,
    /// The end of the last raw string that was never closed.
    swallowed_until: usize,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Lexer<'a> {
    pub(crate) fn new(file: FileId, text: &'a str) -> Self {
        let position = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        Self {
            file,
            text,
            position,
            taken: position,
            peeked: None,
            docs: Vec::new(),
            block_comment_end: None,
            single_line_until: 0,
            single_line_expression_until: 0,
            unclosed_hashes: usize::MAX,
            swallowed_until: 0,
            diagnostics: Vec::new(),
        }
    }

    /// The next token, without taking it.
    pub(crate) fn peek(&mut self) -> Token {
        if let Some(token) = self.peeked {
            return token;
        }
        let first_on_line = self.skip_trivia();
        let token = self.scan(self.position, first_on_line);
        self.peeked = Some(token);
        token
    }

    /// Takes the next token.
    pub(crate) fn bump(&mut self) -> Token {
        let token = self.peek();
        self.move_to(token.end);
        token
    }

    /// Goes on at `position`, which must not lie before what was already taken.
    pub(crate) fn move_to(&mut self, position: usize) {
        self.position = position;
        self.taken = position;
        self.peeked = None;
        self.docs.clear();
    }

    /// The end of the last token taken.
    pub(crate) fn taken(&self) -> usize {
        self.taken
    }

    /// Whether an unclosed raw string ends here: closing brackets that are missed here may be inside it.
    pub(crate) fn after_unclosed_raw_string(&self) -> bool {
        self.taken > 0 && self.taken == self.swallowed_until
    }

    /// The text between two places.
    pub(crate) fn slice(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or_default()
    }

    /// The text from a place on.
    pub(crate) fn rest(&self, start: usize) -> &'a str {
        self.text.get(start..).unwrap_or_default()
    }

    /// The text of a token.
    pub(crate) fn text_of(&self, token: Token) -> &'a str {
        self.slice(token.start, token.end)
    }

    /// The span between two places.
    pub(crate) fn span(&self, start: usize, end: usize) -> Span {
        // `parse` refuses files that 32 bits cannot address.
        let narrow = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
        Span { file: self.file, start: narrow(start), end: narrow(end) }
    }

    /// The span of a token; for the end of the file, its last character, so that something can be marked.
    pub(crate) fn span_of(&self, token: Token) -> Span {
        if token.kind == TokenKind::End {
            let end = self.text.trim_end().len();
            let start = self.slice(0, end).char_indices().next_back().map_or(0, |(start, _)| start);
            return self.span(start, end);
        }
        self.span(token.start, token.end)
    }

    /// Notes something wrong, unless so much is that nobody will read on.
    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        if self.diagnostics.len() < MOST_REPORTED {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Everything that was noted, from the top of the file to its end.
    pub(crate) fn into_diagnostics(mut self) -> Vec<Diagnostic> {
        self.diagnostics.sort_by_key(|diagnostic| diagnostic.span.start);
        self.diagnostics
    }

    /// How many things were noted so far.
    pub(crate) fn reported(&self) -> usize {
        self.diagnostics.len()
    }

    /// Forgets what was noted after `count` things: for text that is skipped, not read.
    pub(crate) fn forget_reports(&mut self, count: usize) {
        self.diagnostics.truncate(count);
    }

    fn scan(&self, start: usize, first_on_line: bool) -> Token {
        let rest = self.rest(start);
        let mut characters = rest.chars();
        let (kind, length) = match characters.next() {
            None => (TokenKind::End, 0),
            Some('"') => (TokenKind::Quote, 1),
            Some('#') if rest.trim_start_matches('#').starts_with('"') => {
                (TokenKind::RawQuote, rest.len() - rest.trim_start_matches('#').len() + 1)
            }
            Some('-') if rest.starts_with("->") => (TokenKind::Arrow, 2),
            Some('@') if rest.starts_with("@@") => (TokenKind::AtAt, 2),
            Some('@') => (TokenKind::At, 1),
            Some('-') if characters.next().is_some_and(|next| next.is_ascii_digit()) => {
                (TokenKind::Number, 1 + run(&rest[1..], is_number_character))
            }
            Some(first) if first.is_ascii_digit() => (TokenKind::Number, run(rest, is_number_character)),
            Some(first) if is_word_character(first) => (TokenKind::Word, run(rest, is_word_character)),
            // A long run of hashes without a quote is one token: looking through it again would cost its square.
            Some('#') => (TokenKind::Symbol('#'), run(rest, |character| character == '#')),
            Some(other) => (TokenKind::Symbol(other), other.len_utf8()),
        };
        Token { kind, start, end: start + length, first_on_line }
    }
}

/// Whether a character may stand in a word; the grammar then says which words are names.
pub(crate) fn is_word_character(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

fn is_number_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_' || character == '.'
}

/// The length in bytes of the longest start of `text` whose characters all hold.
pub(crate) fn run(text: &str, holds: impl Fn(char) -> bool) -> usize {
    text.find(|character| !holds(character)).unwrap_or(text.len())
}
