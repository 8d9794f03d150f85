import { b, Confidence, Tone, Odd, resetBamlEnvVars, watchers, version, traceAsync, traceSync, setTags, flush, onLogEvent, BamlValidationError, get_checks, all_succeeded } from "./baml_client"
import type { partial_types, Person, AnyJson, Checked, Check } from "./baml_client"
import { b as sync, BamlSyncClient } from "./baml_client/sync_client"
import TypeBuilder, { FieldType, EnumBuilder, ClassBuilder } from "./baml_client/type_builder"
import { ClientRegistry, Collector, Image, BamlStream } from "@boundaryml/baml"
import { getBamlFiles } from "./baml_client/inlinedbaml"
import { setLogLevel } from "./baml_client/config"
import { BamlAsyncClient, type RecursivePartialNull } from "./baml_client/async_client"

export async function main(): Promise<void> {
  const clientRegistry = new ClientRegistry()
  const collector = new Collector("c")
  const tb = new TypeBuilder()
  tb.Open.addProperty("more", tb.string().list().optional()).description("d")
  tb.Tone.addValue("New").alias("n")
  // @ts-expect-error not dynamic
  tb.Person.addProperty("x", tb.string())
  const person: Person = await b.Describe("text", Confidence.High, null, { clientRegistry, collector, tb, client: "x", tags: { a: "b" }, env: { A: undefined }, signal: new AbortController().signal, onTick: (reason, log) => void [reason, log?.id] })
  await b.Describe("text", Confidence.High)
  await b.Describe("text", Confidence.High, Tone.Formal)
  await b.Describe("text", Confidence.High, "new tone", { collector: [collector] })
  // @ts-expect-error a string is no enum
  await b.Describe("text", "High")
  // @ts-expect-error unknown option
  await b.Describe("text", Confidence.High, null, { abortController: new AbortController() })
  // @ts-expect-error missing
  await b.Describe("text")
  const age: number = person.age.value
  const status: "succeeded" | "failed" = person.age.checks.adult.status
  const expression: string = person.age.checks.plausible.expression
  // @ts-expect-error no such check
  person.age.checks.nothing
  // @ts-expect-error peer's wrong name
  person.age.checks.adult.expr
  const checks: Check[] = get_checks(person.age.checks)
  const fine: boolean = all_succeeded(person.age.checks)
  const json: AnyJson = person.json
  const again: AnyJson = { a: [1, "b", null, { c: true }] }
  // @ts-expect-error no functions in JSON
  const bad: AnyJson = { a: () => 1 }
  // @ts-expect-error optional first must be given
  await b.OptionalFirst(3)
  await b.OptionalFirst(undefined, 3)
  await b.OptionalFirst("a", 3, null, null, { client: "x" })
  await b.Everything(again, ["a"], Image.fromUrl("http://x"), { a: 1 }, "a", [1, "b"], [{ a: [1] }])
  const stream: BamlStream<partial_types.Person, Person> = b.stream.Describe("a", Confidence.Low)
  for await (const partial of stream) {
    const name: string | null | undefined = partial.name
    const tags: string[] = partial.tags
    void [name, tags]
  }
  const final: Person = await stream.getFinalResponse()
  const request = await b.request.Describe("a", Confidence.Low, null, { clientRegistry })
  const url: string = request.url
  const body: unknown = request.body.json()
  await b.streamRequest.Describe("a", Confidence.Low)
  const parsed: Person = b.parse.Describe("{}", { clientRegistry })
  const partial: partial_types.Person = b.parseStream.Describe("{}")
  const other: BamlAsyncClient = b.withOptions({ clientRegistry }).withOptions({ tags: { a: "b" } })
  const s: Person = sync.Describe("a", Confidence.Low)
  const s2: BamlSyncClient = sync.withOptions({ client: "x" })
  const odd: Odd = Odd.NaN
  const traced = traceAsync("n", async (a: number) => `${a}`)
  const t: string = await traced(1)
  const n: number = traceSync("n", (a: string) => a.length)("x")
  setTags({ a: "b" }); flush(); onLogEvent(undefined); setLogLevel("off")
  const note: watchers.VarNotification<number> = { variable_name: "a", value: 1, timestamp: "", function_name: "" }
  resetBamlEnvVars({ A: "b" })
  const checked: Checked<number, "even"> = await b.CheckedReturn(1)
  const rec: RecursivePartialNull<Person> = {}
  const wide: Promise<Person> = b.Describe("a", Confidence.High)
  void [age, status, expression, checks, fine, json, bad, final, url, body, parsed, partial, other, s, s2, odd, t, n, note, version, BamlValidationError, checked, rec, wide, getBamlFiles().x, FieldType, EnumBuilder, ClassBuilder]
}
