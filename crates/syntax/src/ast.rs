//! The tree that a source is parsed into. Names are not resolved and nothing is checked here beyond grammar.

use crate::Span;

/// One parsed file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct File {
    /// The top-level blocks, in order.
    pub items: Vec<Item>,
    /// The names of expression functions: they are read, warned about and left out of `items`, because this
    /// engine does not run them. Kept so that a call of one can say so.
    pub unsupported: Vec<Identifier>,
}

/// A top-level block.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// `function F(p: T) -> R { … }`
    Function(Function),
    /// `class C { … }`, and `dynamic class C { … }` inside a `type_builder` block.
    Class(Class),
    /// `enum E { … }`, and `dynamic enum E { … }` inside a `type_builder` block.
    Enum(Enum),
    /// `type X = T`
    Alias(Alias),
    /// `client<llm> X { … }`
    Client(Block),
    /// `retry_policy X { … }`
    RetryPolicy(Block),
    /// `template_string X(p: T) #"…"#`
    Template(Template),
    /// `generator x { … }`
    Generator(Block),
    /// `test x { … }`
    Test(Test),
}

/// A name where it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identifier {
    /// The name.
    pub text: String,
    /// Where.
    pub span: Span,
}

/// `function F(p: T) -> R { client X  prompt #"…"# }`
#[derive(Clone, Debug, PartialEq)]
pub struct Function {
    /// The `///` comment before it.
    pub docs: Option<String>,
    /// Its name.
    pub name: Identifier,
    /// Its parameters.
    pub parameters: Vec<Parameter>,
    /// What it returns.
    pub returns: Type,
    /// Its properties in order: `client`, `prompt`, and whatever else was written.
    pub properties: Vec<Property>,
    /// From the keyword to the closing brace.
    pub span: Span,
}

/// `p: T`
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Its name.
    pub name: Identifier,
    /// Its type; `None` when it was left out (which is an error that the parser has reported).
    pub ty: Option<Type>,
}

/// `class C { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct Class {
    /// The `///` comment before it.
    pub docs: Option<String>,
    /// Whether `dynamic` was written before it.
    pub dynamic: bool,
    /// Its name.
    pub name: Identifier,
    /// Its fields.
    pub fields: Vec<Field>,
    /// `@@` attributes.
    pub attributes: Vec<Attribute>,
    /// From the keyword to the closing brace.
    pub span: Span,
}

/// `name type @attribute`
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The `///` comment before it.
    pub docs: Option<String>,
    /// Its name.
    pub name: Identifier,
    /// Its type. Attributes written after the type of a field belong to the field, not to the type.
    pub ty: Type,
    /// `@` attributes.
    pub attributes: Vec<Attribute>,
}

/// `enum E { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct Enum {
    /// The `///` comment before it.
    pub docs: Option<String>,
    /// Whether `dynamic` was written before it.
    pub dynamic: bool,
    /// Its name.
    pub name: Identifier,
    /// Its values.
    pub values: Vec<EnumValue>,
    /// `@@` attributes.
    pub attributes: Vec<Attribute>,
    /// From the keyword to the closing brace.
    pub span: Span,
}

/// `NAME @attribute`
#[derive(Clone, Debug, PartialEq)]
pub struct EnumValue {
    /// The `///` comment before it.
    pub docs: Option<String>,
    /// Its name.
    pub name: Identifier,
    /// `@` attributes.
    pub attributes: Vec<Attribute>,
}

/// `type X = T`
#[derive(Clone, Debug, PartialEq)]
pub struct Alias {
    /// The `///` comment before it.
    pub docs: Option<String>,
    /// Its name.
    pub name: Identifier,
    /// What it stands for, attributes included.
    pub ty: Type,
    /// From the keyword to the end of the type.
    pub span: Span,
}

/// `template_string X(p: T) #"…"#`
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    /// The `///` comment before it.
    pub docs: Option<String>,
    /// Its name.
    pub name: Identifier,
    /// Its parameters; empty when there are none.
    pub parameters: Vec<Parameter>,
    /// Its text.
    pub body: Value,
    /// From the keyword to the end of the text.
    pub span: Span,
}

/// A block of properties with a name: a client, a retry policy, a generator.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// The `///` comment before it.
    pub docs: Option<String>,
    /// Its name.
    pub name: Identifier,
    /// The text between `<` and `>`, for a client (`llm`).
    pub argument: Option<Identifier>,
    /// Its properties, in order.
    pub properties: Vec<Property>,
    /// From the keyword to the closing brace.
    pub span: Span,
}

/// `test x { functions [F]  args { … }  type_builder { … }  @@check(…) }`
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    /// The `///` comment before it.
    pub docs: Option<String>,
    /// Its name.
    pub name: Identifier,
    /// Its properties, in order, without `type_builder`.
    pub properties: Vec<Property>,
    /// The blocks inside `type_builder { … }`.
    pub type_builder: Vec<Item>,
    /// `@@check` and `@@assert`.
    pub attributes: Vec<Attribute>,
    /// From the keyword to the closing brace.
    pub span: Span,
}

/// `key value`
#[derive(Clone, Debug, PartialEq)]
pub struct Property {
    /// The key, bare or quoted.
    pub key: Identifier,
    /// The value.
    pub value: Value,
}

/// A value in config position.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// What it is.
    pub kind: ValueKind,
    /// Where.
    pub span: Span,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq)]
pub enum ValueKind {
    /// `null`.
    Null,
    /// `true`, `false`.
    Bool(bool),
    /// A number as written: `1`, `-5`, `1.50`, `.5`.
    Number(String),
    /// Text, with how it was written.
    String(Text, Quote),
    /// `env.NAME`.
    Env(String),
    /// `[…]`.
    List(Vec<Value>),
    /// `{…}`.
    Map(Vec<Property>),
    /// `{{ … }}`: a Jinja expression, without its braces, trimmed.
    Expression(Text),
}

/// How a text was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quote {
    /// `"…"`, escapes processed.
    Quoted,
    /// `#"…"#`, dedented and without blank lines around.
    Raw,
    /// Bare, to the end of the line.
    Bare,
}

/// A text and where its content lies in the file, so that an error inside a prompt or an expression can point there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The text after escapes; of a raw string without the blanks that all lines share.
    pub text: String,
    /// The content between the quotes or braces.
    pub content: Span,
}

impl Text {
    /// The text as the prompt of a function. It loses more blanks than other raw strings do: as many characters as
    /// the least indented line has, tabs or spaces alike, and then all around it. The peer does so.
    #[must_use]
    pub fn as_prompt(&self) -> String {
        let blanks = |line: &str| line.chars().take_while(|character| character.is_whitespace()).count();
        let lines = || self.text.split('\n');
        let shared = lines().filter(|line| !line.is_empty()).map(blanks).min().unwrap_or(0);
        let mut text = String::with_capacity(self.text.len());
        for (index, line) in lines().enumerate() {
            if index > 0 {
                text.push('\n');
            }
            text.extend(line.chars().skip(shared));
        }
        text.trim().to_owned()
    }
}

/// A type as written.
#[derive(Clone, Debug, PartialEq)]
pub struct Type {
    /// What it is.
    pub kind: TypeKind,
    /// `@` attributes written on the type itself: inside parentheses, or at the end of an alias, a return
    /// type or a parameter.
    pub attributes: Vec<Attribute>,
    /// Where.
    pub span: Span,
}

/// What a type is.
#[derive(Clone, Debug, PartialEq)]
pub enum TypeKind {
    /// A primitive, a media type, a class, an enum or an alias.
    Name(String),
    /// `"a"`.
    String(String),
    /// `5`, `-5`.
    Int(i64),
    /// `true`, `false`.
    Bool(bool),
    /// `T[]`.
    List(Box<Type>),
    /// `map<K, V>`.
    Map(Box<Type>, Box<Type>),
    /// `A | B`, as written: members that are unions in parentheses stay unions here.
    Union(Vec<Type>),
    /// `T?`.
    Optional(Box<Type>),
    /// `(A, B)`: parsed so that the schema room can say that tuples are not supported.
    Tuple(Vec<Type>),
    /// Where a type should have been (the parser has reported it).
    Missing,
}

/// `@name(arguments)` or `@@name(arguments)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribute {
    /// The name, dots included: `alias`, `stream.done`.
    pub name: Identifier,
    /// The arguments; `None` when there are no parentheses.
    pub arguments: Option<Vec<Value>>,
    /// From the `@` to the closing parenthesis.
    pub span: Span,
}
