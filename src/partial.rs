//! Partial values for JavaScript. What is finished is made once: as long as it is shown, it is the same object, and
//! nothing that was handed out is changed.

use std::collections::HashMap;
use std::sync::Arc;

use napi::Result;
use napi::bindgen_prelude::{
    Array, Env, FnArgs, Function, FunctionRef, JsObjectValue, JsValue, Object, Unknown,
};
use runtime::{Body, Grown, Partial};
use types::Name;

use crate::value::{cast, checks_to_js, set_own, to_js};

/// The JavaScript side of one stream's partial values.
pub(crate) struct Mirror {
    /// A function that holds the vault, an array of everything that is kept: references to functions are let go
    /// of by the binding itself.
    holder: FunctionRef<(), ()>,
    /// Finished objects inside of what is not, by the address of their bodies.
    finished: HashMap<usize, Kept<Arc<Body>>>,
    /// The finished items of lists that are not, by the address of their store.
    lists: HashMap<usize, Kept<Grown<Partial>>>,
    /// The finished entries of maps that are not, as pairs.
    maps: HashMap<usize, Kept<Grown<(Name, Partial)>>>,
    slots: Slots,
    /// Counts the values handed over.
    turn: u64,
}

/// Something in the vault.
struct Kept<T> {
    /// What the engine has; as long as it is kept, nothing else has its address.
    _engine: T,
    slot: u32,
    /// How many parts an array has.
    length: usize,
    /// When it was last shown.
    turn: u64,
}

/// The places of the vault.
#[derive(Default)]
struct Slots {
    used: u32,
    free: Vec<u32>,
}

impl Slots {
    fn take(&mut self) -> u32 {
        self.free.pop().unwrap_or_else(|| {
            self.used += 1;
            self.used - 1
        })
    }
}

/// The names under which the holder has what is needed again and again.
const VAULT: &str = "vault";
const SLICE: &str = "slice";
const FROM_ENTRIES: &str = "fromEntries";

impl Mirror {
    /// A mirror that has seen nothing.
    pub(crate) fn new(env: &Env) -> Result<Self> {
        let holder: Function<'_, (), ()> = env.create_function_from_closure("partials", |_| Ok(()))?;
        let mut object = Object::from_raw(env.raw(), holder.raw());
        let vault = env.create_array(0)?;
        let slice: Unknown<'_> = vault.get_named_property(SLICE)?;
        let constructor: Function<'_, (), ()> = env.get_global()?.get_named_property("Object")?;
        let constructor = Object::from_raw(env.raw(), constructor.raw());
        let from_entries: Unknown<'_> = constructor.get_named_property(FROM_ENTRIES)?;
        object.set(SLICE, slice)?;
        object.set(FROM_ENTRIES, from_entries)?;
        object.set(VAULT, vault)?;
        Ok(Self {
            holder: holder.create_ref()?,
            finished: HashMap::new(),
            lists: HashMap::new(),
            maps: HashMap::new(),
            slots: Slots::default(),
            turn: 0,
        })
    }

    /// The value, made of what was made before where that is the same.
    pub(crate) fn show<'env>(&mut self, env: &'env Env, partial: &Partial) -> Result<Unknown<'env>> {
        self.turn += 1;
        let holder = self.holder.borrow_back(env)?;
        let holder = Object::from_raw(env.raw(), holder.raw());
        let vault: Array<'env> = holder.get_named_property(VAULT)?;
        let mut writer = Writer { env, holder, vault, mirror: self };
        let value = writer.value(partial, true)?;
        writer.forget()?;
        Ok(value)
    }
}

struct Writer<'m, 'env> {
    env: &'env Env,
    holder: Object<'env>,
    vault: Array<'env>,
    mirror: &'m mut Mirror,
}

impl<'env> Writer<'_, 'env> {
    /// `keep` says that what holds the value is not finished: the value will be asked for again.
    fn value(&mut self, partial: &Partial, keep: bool) -> Result<Unknown<'env>> {
        match partial {
            Partial::Plain(value) => to_js(self.env, value),
            Partial::Open(body) => self.body(body, false),
            Partial::Finished(body) => {
                let address = Arc::as_ptr(body).addr();
                if let Some(known) = self.mirror.finished.get_mut(&address) {
                    known.turn = self.mirror.turn;
                    let slot = known.slot;
                    return self.at(slot);
                }
                let value = self.body(body, true)?;
                if keep {
                    let slot = self.mirror.slots.take();
                    self.vault.set(slot, value)?;
                    let turn = self.mirror.turn;
                    let kept = Kept { _engine: Arc::clone(body), slot, length: 0, turn };
                    self.mirror.finished.insert(address, kept);
                }
                Ok(value)
            }
        }
    }

    fn body(&mut self, body: &Body, finished: bool) -> Result<Unknown<'env>> {
        match body {
            Body::List(items) => self.list(items, finished),
            Body::Map(entries) => self.map(entries, finished),
            Body::Instance(_, fields) => {
                let mut object = Object::new(self.env)?;
                for (name, value) in fields {
                    let value = self.value(value, !finished)?;
                    set_own(self.env, &mut object, name, value)?;
                }
                Ok(object.to_unknown())
            }
            Body::Checked(value, checks) => {
                let mut object = Object::new(self.env)?;
                object.set("value", self.value(value, !finished)?)?;
                object.set("checks", checks_to_js(self.env, checks)?)?;
                Ok(object.to_unknown())
            }
            Body::Stated(value, state) => {
                let mut object = Object::new(self.env)?;
                object.set("state", state.name())?;
                object.set("value", self.value(value, !finished)?)?;
                Ok(object.to_unknown())
            }
        }
    }

    /// A list: of one that is not finished, a copy of the array of its finished items with the others behind.
    fn list(&mut self, items: &Grown<Partial>, finished: bool) -> Result<Unknown<'env>> {
        let address = items.address();
        let known = self.mirror.lists.remove(&address);
        if finished && known.is_none() {
            let items = items.finished_since(0);
            let mut array = self.env.create_array(length(items.len()))?;
            for (index, item) in (0..).zip(&items) {
                let item = self.value(item, false)?;
                array.set(index, item)?;
            }
            return Ok(array.to_unknown());
        }
        let mut kept = known.map_or_else(|| self.new_store(items.clone()), Ok)?;
        kept.turn = self.mirror.turn;
        let mut store: Array<'env> = cast(self.at(kept.slot)?)?;
        for item in items.finished_since(kept.length) {
            let item = self.value(&item, false)?;
            store.set(length(kept.length), item)?;
            kept.length += 1;
        }
        if finished {
            self.free(kept.slot)?;
            return Ok(store.to_unknown());
        }
        self.mirror.lists.insert(address, kept);
        let mut array: Array<'env> = cast(self.slice(store, items.finished())?)?;
        for (index, item) in (length(items.finished())..).zip(items.tail()) {
            let item = self.value(item, true)?;
            array.set(index, item)?;
        }
        Ok(array.to_unknown())
    }

    /// A map: of one that is not finished, the finished entries are kept as pairs.
    fn map(&mut self, entries: &Grown<(Name, Partial)>, finished: bool) -> Result<Unknown<'env>> {
        let address = entries.address();
        let known = self.mirror.maps.remove(&address);
        if finished && known.is_none() {
            let mut object = Object::new(self.env)?;
            for (key, value) in entries.finished_since(0) {
                let value = self.value(&value, false)?;
                set_own(self.env, &mut object, &key, value)?;
            }
            return Ok(object.to_unknown());
        }
        let mut kept = known.map_or_else(|| self.new_store(entries.clone()), Ok)?;
        kept.turn = self.mirror.turn;
        let mut store: Array<'env> = cast(self.at(kept.slot)?)?;
        for (key, value) in entries.finished_since(kept.length) {
            let mut pair = self.env.create_array(2)?;
            pair.set(0, &*key)?;
            pair.set(1, self.value(&value, false)?)?;
            store.set(length(kept.length), pair)?;
            kept.length += 1;
        }
        let pairs = self.slice(store, entries.finished())?;
        let from_entries: Function<'env, Unknown<'_>, Unknown<'env>> =
            self.holder.get_named_property(FROM_ENTRIES)?;
        let mut object: Object<'env> = cast(from_entries.call(pairs)?)?;
        if finished {
            self.free(kept.slot)?;
        } else {
            self.mirror.maps.insert(address, kept);
        }
        for (key, value) in entries.tail() {
            let value = self.value(value, true)?;
            set_own(self.env, &mut object, key, value)?;
        }
        Ok(object.to_unknown())
    }

    /// An empty array in the vault.
    fn new_store<T>(&mut self, engine: T) -> Result<Kept<T>> {
        let slot = self.mirror.slots.take();
        self.vault.set(slot, self.env.create_array(0)?)?;
        Ok(Kept { _engine: engine, slot, length: 0, turn: self.mirror.turn })
    }

    /// A copy of the first `count` elements.
    fn slice(&self, array: Array<'env>, count: usize) -> Result<Unknown<'env>> {
        let slice: Function<'env, FnArgs<(u32, u32)>, Unknown<'env>> =
            self.holder.get_named_property(SLICE)?;
        slice.apply(array, (0, length(count)).into())
    }

    fn at(&self, slot: u32) -> Result<Unknown<'env>> {
        self.vault.get_element(slot)
    }

    fn free(&mut self, slot: u32) -> Result<()> {
        self.vault.set(slot, ())?;
        self.mirror.slots.free.push(slot);
        Ok(())
    }

    /// Lets go of what was not shown this time.
    fn forget(&mut self) -> Result<()> {
        let Mirror { finished, lists, maps, turn, .. } = &mut *self.mirror;
        let mut gone = Vec::new();
        let mut look = |shown: u64, slot: u32| {
            if shown < *turn {
                gone.push(slot);
            }
            shown == *turn
        };
        finished.retain(|_, kept| look(kept.turn, kept.slot));
        lists.retain(|_, kept| look(kept.turn, kept.slot));
        maps.retain(|_, kept| look(kept.turn, kept.slot));
        gone.into_iter().try_for_each(|slot| self.free(slot))
    }
}

/// A count as JavaScript's arrays have it.
fn length(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
