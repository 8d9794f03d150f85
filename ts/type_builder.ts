/**
 * Types added or extended at run time. Generated clients derive their own `TypeBuilder` from the one here, with a
 * viewer for each class and enum, or a builder where it is marked `@@dynamic`.
 */

import { BamlInvalidArgumentError } from './errors.js';
import { nearest } from './nearest.js';
import type * as contract from './native_contract.js';
import type { BamlRuntime, EnumValueBuilder, FieldType } from './native_contract.js';
import native = require('./native.js');

/** Gives a class or enum the native builder of the moment: `reset()` makes earlier ones void. */
type Current<T> = () => T;

/** The names known of a class or enum: those of the `.baml` files, and those added since. */
class Names {
  readonly #declared: ReadonlySet<string>;
  readonly #noun: string;
  #added = new Set<string>();

  constructor(noun: string, declared: Iterable<string>) {
    this.#noun = noun;
    this.#declared = new Set(declared);
  }

  get all(): string[] {
    return [...this.#declared, ...this.#added];
  }

  /** @throws BamlInvalidArgumentError when the name is taken */
  add(name: string): void {
    if (this.has(name)) throw new BamlInvalidArgumentError(`${this.#noun} ${name} already exists.`);
    this.#added.add(name);
  }

  remove(name: string): void {
    this.#added.delete(name);
  }

  has(name: string): boolean {
    return this.#declared.has(name) || this.#added.has(name);
  }

  /** @throws BamlInvalidArgumentError naming the nearest when there is no such name */
  require(name: string): void {
    if (this.has(name)) return;
    const meant = nearest(name, this.all);
    const help = meant === undefined ? '' : ` Did you mean ${meant}?`;
    throw new BamlInvalidArgumentError(`${this.#noun} ${name} not found.${help}`);
  }

  reset(): void {
    this.#added = new Set();
  }
}

/** A class as a type, whoever may change it. */
export abstract class ClassAst<ClassName extends string, PropertyName extends string = never> {
  readonly name: ClassName;
  protected readonly current: Current<contract.ClassBuilder>;
  protected readonly names: Names;

  /** @internal */
  constructor(name: ClassName, current: Current<contract.ClassBuilder>, names: Names) {
    this.name = name;
    this.current = current;
    this.names = names;
  }

  type(): FieldType {
    return this.current().field();
  }

  abstract listProperties(): [string, ClassPropertyViewer][];
  abstract property(name: PropertyName): ClassPropertyViewer;
}

/** A property that cannot be changed. */
export class ClassPropertyViewer {}

/** A class that cannot be changed. */
export class ClassViewer<ClassName extends string, PropertyName extends string = never> extends ClassAst<
  ClassName,
  PropertyName
> {
  override listProperties(): [string, ClassPropertyViewer][] {
    return this.names.all.map((name) => [name, new ClassPropertyViewer()]);
  }

  override property(name: PropertyName): ClassPropertyViewer {
    this.names.require(name);
    return new ClassPropertyViewer();
  }
}

/** A property of a class that can be changed. */
export class ClassPropertyBuilder {
  readonly #current: Current<contract.ClassPropertyBuilder>;

  /** @internal */
  constructor(current: Current<contract.ClassPropertyBuilder>) {
    this.#current = current;
  }

  getType(): FieldType {
    return this.#current().getType();
  }

  setType(type: FieldType): this {
    this.#current().setType(type);
    return this;
  }

  /** The name that the model sees instead; `null` for none. */
  alias(alias: string | null): this {
    this.#current().alias(alias);
    return this;
  }

  /** What the model is told about it; `null` for nothing. */
  description(description: string | null): this {
    this.#current().description(description);
    return this;
  }
}

/** A class that can be extended: one marked `@@dynamic`, or one added at run time. */
export class ClassBuilder<ClassName extends string, PropertyName extends string = never> extends ClassAst<
  ClassName,
  PropertyName
> {
  /** Adds a property. @throws BamlInvalidArgumentError when there is one of that name */
  addProperty<Added extends string>(
    name: Added extends PropertyName ? never : Added,
    type: FieldType,
  ): ClassPropertyBuilder {
    this.names.add(name);
    return this.#builder(name).setType(type);
  }

  /** The properties added at run time. */
  override listProperties(): [string, ClassPropertyBuilder][] {
    return this.current()
      .listProperties()
      .map(([name]) => [name, this.#builder(name)]);
  }

  removeProperty(name: string): void {
    this.names.require(name);
    this.current().removeProperty(name);
    this.names.remove(name);
  }

  /** Takes back every property added at run time. */
  reset(): void {
    this.names.reset();
    this.current().reset();
  }

  override property(name: PropertyName | (string & {})): ClassPropertyBuilder {
    this.names.require(name);
    return this.#builder(name);
  }

  #builder(name: string): ClassPropertyBuilder {
    return new ClassPropertyBuilder(() => this.current().property(name));
  }
}

/** An enum as a type, whoever may change it. */
export abstract class EnumAst<EnumName extends string, ValueName extends string = never> {
  readonly name: EnumName;
  protected readonly current: Current<contract.EnumBuilder>;
  protected readonly names: Names;

  /** @internal */
  constructor(name: EnumName, current: Current<contract.EnumBuilder>, names: Names) {
    this.name = name;
    this.current = current;
    this.names = names;
  }

  type(): FieldType {
    return this.current().field();
  }

  abstract listValues(): [string, EnumValueViewer][];
  abstract value(name: ValueName): EnumValueViewer;
}

/** A value that cannot be changed. */
export class EnumValueViewer {}

/** An enum that cannot be changed. */
export class EnumViewer<EnumName extends string, ValueName extends string = never> extends EnumAst<
  EnumName,
  ValueName
> {
  override listValues(): [string, EnumValueViewer][] {
    return this.names.all.map((name) => [name, new EnumValueViewer()]);
  }

  override value(name: ValueName): EnumValueViewer {
    this.names.require(name);
    return new EnumValueViewer();
  }
}

/** An enum that can be extended: one marked `@@dynamic`, or one added at run time. */
export class EnumBuilder<EnumName extends string, ValueName extends string = never> extends EnumAst<
  EnumName,
  ValueName
> {
  /** Adds a value. @throws BamlInvalidArgumentError when there is one of that name */
  addValue<Added extends string>(name: Added extends ValueName ? never : Added): EnumValueBuilder {
    this.names.add(name);
    return this.current().value(name);
  }

  override listValues(): [string, EnumValueBuilder][] {
    return this.names.all.map((name) => [name, this.current().value(name)]);
  }

  override value(name: ValueName | (string & {})): EnumValueBuilder {
    this.names.require(name);
    return this.current().value(name);
  }
}

/** What a generated client knows when it makes its type builder. */
export interface TypeBuilderSource {
  /** Names of the classes of the `.baml` files. */
  classes: Set<string>;
  /** Names of the enums of the `.baml` files. */
  enums: Set<string>;
  runtime: BamlRuntime;
}

/** Makes types, and extends the dynamic ones of the `.baml` files, for the calls that take it as `tb`. */
export class TypeBuilder {
  readonly #native = new native.TypeBuilder();
  readonly #runtime: BamlRuntime;
  readonly #classes: Names;
  readonly #enums: Names;
  /** Names of what was handed out, to take back what was added to it. */
  readonly #members: Names[] = [];

  constructor(source: TypeBuilderSource) {
    this.#runtime = source.runtime;
    this.#classes = new Names('Class', source.classes);
    this.#enums = new Names('Enum', source.enums);
  }

  /** Takes back everything added. Builders made before stay usable. */
  reset(): void {
    this.#native.reset();
    this.#classes.reset();
    this.#enums.reset();
    for (const names of this.#members) names.reset();
  }

  /** The addon's type builder. @internal */
  _tb(): contract.TypeBuilder {
    return this.#native;
  }

  /** The addon's type builder, as calls take it. */
  __tb(): contract.TypeBuilder {
    return this.#native;
  }

  null(): FieldType {
    return this.#native.null();
  }

  string(): FieldType {
    return this.#native.string();
  }

  literalString(value: string): FieldType {
    return this.#native.literalString(value);
  }

  literalInt(value: number): FieldType {
    return this.#native.literalInt(value);
  }

  literalBool(value: boolean): FieldType {
    return this.#native.literalBool(value);
  }

  int(): FieldType {
    return this.#native.int();
  }

  float(): FieldType {
    return this.#native.float();
  }

  bool(): FieldType {
    return this.#native.bool();
  }

  list(type: FieldType): FieldType {
    return this.#native.list(type);
  }

  map(key: FieldType, value: FieldType): FieldType {
    return this.#native.map(key, value);
  }

  union(types: FieldType[]): FieldType {
    return this.#native.union(types);
  }

  classViewer<ClassName extends string, PropertyName extends string>(
    name: ClassName,
    properties: readonly PropertyName[],
  ): ClassViewer<ClassName, PropertyName> {
    return new ClassViewer(name, () => this.#native.getClass(name), this.#membersOf('Property', properties));
  }

  classBuilder<ClassName extends string, PropertyName extends string>(
    name: ClassName,
    properties: readonly PropertyName[],
  ): ClassBuilder<ClassName, PropertyName> {
    return new ClassBuilder(name, () => this.#native.getClass(name), this.#membersOf('Property', properties));
  }

  enumViewer<EnumName extends string, ValueName extends string>(
    name: EnumName,
    values: readonly ValueName[],
  ): EnumViewer<EnumName, ValueName> {
    return new EnumViewer(name, () => this.#native.getEnum(name), this.#membersOf('Value', values));
  }

  enumBuilder<EnumName extends string, ValueName extends string>(
    name: EnumName,
    values: readonly ValueName[],
  ): EnumBuilder<EnumName, ValueName> {
    return new EnumBuilder(name, () => this.#native.getEnum(name), this.#membersOf('Value', values));
  }

  /** Adds a class. @throws BamlInvalidArgumentError when there is a class or enum of that name */
  addClass<ClassName extends string>(name: ClassName): ClassBuilder<ClassName> {
    this.#claim(this.#classes, name);
    return this.classBuilder(name, []);
  }

  /** Adds an enum. @throws BamlInvalidArgumentError when there is a class or enum of that name */
  addEnum<EnumName extends string>(name: EnumName): EnumBuilder<EnumName> {
    this.#claim(this.#enums, name);
    return this.enumBuilder(name, []);
  }

  /** Adds what the text declares; `dynamic class X { … }` and `dynamic enum X { … }` extend types marked `@@dynamic`. */
  addBaml(baml: string): void {
    this.#native.addBaml(baml, this.#runtime);
  }

  #membersOf(noun: string, declared: readonly string[]): Names {
    const names = new Names(noun, declared);
    this.#members.push(names);
    return names;
  }

  #claim(names: Names, name: string): void {
    const [noun, taken] = this.#classes.has(name) ? ['Class', true] : ['Enum', this.#enums.has(name)];
    if (taken) throw new BamlInvalidArgumentError(`${noun} ${name} already exists`);
    names.add(name);
  }
}
