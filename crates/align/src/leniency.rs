//! The names of everything that is forgiven: one row each, with the words that the account and
//! `docs/parsing.md` use.

/// What was done to an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Its text was mended; its meaning is the same.
    Repaired,
    /// A value was turned into another kind of value.
    Coerced,
    /// A value that the text does not have, or not in a form that fits, was filled in.
    Defaulted,
    /// Something that the text has was left out.
    Dropped,
}

impl Change {
    /// The word that users see.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Repaired => "repaired",
            Self::Coerced => "coerced",
            Self::Defaulted => "defaulted",
            Self::Dropped => "dropped",
        }
    }
}

macro_rules! leniencies {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $change:ident;)*) => {
        /// One way in which an answer may differ from strict JSON of its type.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Leniency {
            $($(#[$doc])* $variant,)*
        }

        impl Leniency {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name that users see.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// What it does to the answer.
            #[must_use]
            pub fn change(self) -> Change {
                match self {
                    $(Self::$variant => Change::$change,)*
                }
            }
        }
    };
}

leniencies! {
    /// The answer stood in a Markdown fence.
    Fence = "fence", Repaired;
    /// There was text before or after the answer.
    Prose = "prose", Repaired;
    /// The answer was found only in the model's thinking.
    Draft = "draft", Repaired;
    /// Several objects that stood one after another became a list.
    Gathered = "gathered", Repaired;
    /// The text itself was taken, because nothing in it looks like JSON.
    WholeText = "whole-text", Repaired;
    /// The fields of an object stood on lines, as in YAML.
    Lines = "lines", Repaired;
    /// Text, an object or a list has no end.
    CutOff = "cut-off", Repaired;
    /// A key or text is not in double quotes.
    Quotes = "quotes", Repaired;
    /// A comma is missing, or one too many.
    Comma = "comma", Repaired;
    /// A colon is missing, or one too many.
    Colon = "colon", Repaired;
    /// Braces are doubled.
    Braces = "braces", Repaired;
    /// There is a comment.
    Comment = "comment", Repaired;
    /// The value stood as JSON inside a string.
    JsonInString = "json-in-string", Repaired;
    /// The value stood in another object that only wraps it.
    Wrapper = "wrapper", Repaired;
    /// A number was read from text.
    NumberFromText = "number-from-text", Coerced;
    /// A number with a fraction was rounded to an int.
    Rounded = "rounded", Coerced;
    /// A truth was read from text.
    BoolFromText = "bool-from-text", Coerced;
    /// A value that is no text became text.
    Printed = "printed", Coerced;
    /// An enum value or literal is written otherwise: in another case, with other punctuation, in a sentence, by its
    /// description.
    LooseMatch = "loose-match", Coerced;
    /// A key is written otherwise: in another case, with other accents or punctuation.
    LooseKey = "loose-key", Coerced;
    /// One value became a list of one.
    SingleToList = "single-to-list", Coerced;
    /// Of a list, one item was taken.
    ListToSingle = "list-to-single", Coerced;
    /// A text that enumerates became a list.
    Enumeration = "enumeration", Coerced;
    /// A value stands for an object with one field.
    OnlyField = "only-field", Coerced;
    /// A word of another language stands for null.
    NullWord = "null-word", Coerced;
    /// A field is not there.
    Absent = "absent", Defaulted;
    /// A value does not fit, and null or an empty list or map took its place.
    Replaced = "replaced", Defaulted;
    /// A key that the class does not have, or has already.
    Key = "key", Dropped;
    /// An item that does not fit.
    Item = "item", Dropped;
    /// An entry of a map that does not fit, or whose key comes again.
    Entry = "entry", Dropped;
}
