//! Exchanges those instructions of the engine that this room does differently for calls of its own filters.
//!
//! - `==`, `<`, `in`, `x[key]` treat an enum value as its name, and compare any two numbers without panicking
//! - `*` does not build texts and lists without bound
//! - `{% set ns.x = … %}` refuses values that contain themselves or are nested without bound

use minijinja::machinery::{Instruction, Instructions};
use minijinja::value::Value;

use super::operators as names;

/// No slot in the engine's cache of filters: looked up by name.
const UNCACHED: u8 = !0;

/// The same program with the instructions exchanged.
pub(super) fn rewrite<'a>(old: &Instructions<'a>) -> Instructions<'a> {
    let moved = positions(old);
    let target = |old: u32| moved.get(old as usize).copied().unwrap_or(old);
    let mut new = Instructions::new(old.name(), old.source());
    for index in 0..u32::try_from(old.len()).unwrap_or(u32::MAX) {
        let Some(instruction) = old.get(index) else { break };
        for instruction in exchange(instruction, target) {
            match (old.get_span(index), old.get_line(index).and_then(|line| u16::try_from(line).ok())) {
                (Some(span), _) => new.add_with_span(instruction, span),
                (None, Some(line)) => new.add_with_line(instruction, line),
                (None, None) => new.add(instruction),
            };
        }
    }
    new
}

/// Whether no constant is longer than a multiplication may make one: the engine multiplies constants itself, while it
/// compiles.
pub(super) fn constants_are_bounded(instructions: &Instructions<'_>) -> bool {
    let mut index = 0;
    while let Some(instruction) = instructions.get(index) {
        if let Instruction::LoadConst(value) = instruction
            && value.len().is_some_and(|length| length > names::MAX_REPEATED)
        {
            return false;
        }
        index += 1;
    }
    true
}

/// Where each instruction begins once the longer ones have been put in, and where the program ends.
fn positions(old: &Instructions<'_>) -> Vec<u32> {
    let mut next = 0;
    let mut positions = Vec::with_capacity(old.len() + 1);
    let mut index = 0;
    while let Some(instruction) = old.get(index) {
        positions.push(next);
        next += if matches!(instruction, Instruction::SetAttr(_)) { 3 } else { 1 };
        index += 1;
    }
    positions.push(next);
    positions
}

fn exchange<'a>(instruction: &Instruction<'a>, target: impl Fn(u32) -> u32) -> Vec<Instruction<'a>> {
    let filter =
        |name: &'static str, arguments: u16| Instruction::ApplyFilter(name, Some(arguments), UNCACHED);
    vec![match instruction {
        Instruction::Eq => filter(names::EQUAL, 2),
        Instruction::Ne => filter(names::UNEQUAL, 2),
        Instruction::Lt => filter(names::LESS, 2),
        Instruction::Lte => filter(names::LESS_OR_EQUAL, 2),
        Instruction::Gt => filter(names::GREATER, 2),
        Instruction::Gte => filter(names::GREATER_OR_EQUAL, 2),
        Instruction::In => filter(names::IN, 2),
        Instruction::Mul => filter(names::MULTIPLY, 2),
        Instruction::GetItem => filter(names::ITEM, 2),
        Instruction::SetAttr(name) => {
            let name = Instruction::LoadConst(Value::from(*name));
            return vec![name, filter(names::SET, 3), Instruction::DiscardTop];
        }
        Instruction::Iterate(to) => Instruction::Iterate(target(*to)),
        Instruction::Jump(to) => Instruction::Jump(target(*to)),
        Instruction::JumpIfFalse(to) => Instruction::JumpIfFalse(target(*to)),
        Instruction::JumpIfFalseOrPop(to) => Instruction::JumpIfFalseOrPop(target(*to)),
        Instruction::JumpIfTrueOrPop(to) => Instruction::JumpIfTrueOrPop(target(*to)),
        Instruction::BuildMacro(name, start, flags) => Instruction::BuildMacro(name, target(*start), *flags),
        other => other.clone(),
    }]
}
