//! How far a value was bent to fit its type. Of several ways to read the text the cheapest wins, the first one
//! on ties. The weights are inferred from the peer's recorded choices.

/// The cost of one reading. Tiers compare before points: a union prefers any member that fits by nature to one
/// that had to change the kind of value.
///
/// The tier is in the top byte and the points below it, so that comparing costs is comparing numbers, and the
/// many values of an answer stay small.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Cost(u64);

const POINTS: u64 = u64::MAX >> 8;

/// The kind of change made to a value, the mildest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Tier {
    /// None that counts.
    #[default]
    Natural,
    /// A list stood for its item.
    Unlisted,
    /// A number or boolean became text.
    Printed,
    /// An object or list became text.
    PrintedContainer,
    /// A number was rounded.
    Rounded,
    /// A class got no value from the text at all.
    Defaulted,
    /// Something that is not null became null.
    Nulled,
    /// Something that is no list, and fits no item, became an empty list.
    Emptied,
}

/// A key of the text that the class does not have.
pub(crate) const EXTRA_KEY: u64 = 1;
/// A field that the text does not have.
pub(crate) const ABSENT: u64 = 1;
/// A value that did not fit its field and was replaced by null or an empty value.
pub(crate) const REPLACED: u64 = 100;
/// An enum value or literal found inside other text.
pub(crate) const SUBSTRING: u64 = 3;
/// An enum value or literal that fits when punctuation is left out.
pub(crate) const PUNCTUATION: u64 = 2;
/// An enum value or literal that fits when case and accents are left out.
pub(crate) const FOLDED: u64 = 1;
/// A number or boolean read from text.
pub(crate) const FROM_TEXT: u64 = 1;
/// A float without fraction read as an int.
pub(crate) const WHOLE_FLOAT: u64 = 1;
/// A float rounded to an int.
pub(crate) const ROUNDED: u64 = 3;
/// An item of a list that does not fit and is left out: as much as text made of an item would cost.
pub(crate) const DROPPED: u64 = 20;
/// One value read as a list of one, or a list of one as its value.
pub(crate) const SINGLE: u64 = 1;
/// Items of a list that are left out where one of them is its value.
pub(crate) const PASSED_OVER: u64 = 1;
/// A value that is no text read as text.
pub(crate) const PRINTED: u64 = 2;
/// An object that became text to be a part of a list or map, or a number in text that stayed text, where a union has
/// other members.
pub(crate) const MADE_TEXT: u64 = 1;
/// A value read as the only field of a class.
pub(crate) const IMPLIED: u64 = 2;
/// An object read as a map, where a union has other members.
pub(crate) const MAP: u64 = 1;
/// A wrapper object or string around the value was removed.
pub(crate) const UNWRAPPED: u64 = 5;

impl Cost {
    /// A cost of `points` and no change of kind.
    pub(crate) fn of(points: u64) -> Self {
        Self(points.min(POINTS))
    }

    /// What kind of change was made at the value itself.
    pub(crate) fn tier(self) -> Tier {
        const TIERS: [Tier; 8] = [
            Tier::Natural,
            Tier::Unlisted,
            Tier::Printed,
            Tier::PrintedContainer,
            Tier::Rounded,
            Tier::Defaulted,
            Tier::Nulled,
            Tier::Emptied,
        ];
        TIERS[usize::try_from(self.0 >> 56).unwrap_or(0) & 7]
    }

    /// Smaller changes, those further in weighing ten times as much.
    pub(crate) fn points(self) -> u64 {
        self.0 & POINTS
    }

    /// The same with at least this change of kind.
    pub(crate) fn at(self, tier: Tier) -> Self {
        Self((self.tier().max(tier) as u64) << 56 | self.points())
    }

    /// The same with points added.
    pub(crate) fn plus(self, points: u64) -> Self {
        Self((self.0 & !POINTS) | self.points().saturating_add(points).min(POINTS))
    }

    /// The same with the cost of a part added, which weighs ten times as much.
    pub(crate) fn with_part(self, part: Self) -> Self {
        self.plus(part.points().saturating_mul(10))
    }
}
