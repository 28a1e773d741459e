import type { AmpeRemedy } from '#shared/domain/ampe-refusal.ts';
import type { FaultCode } from '#shared/domain/fault.ts';
import type { zhCN } from './zh-cn.ts';

/** Every language has every key, or it does not compile; a test checks that the placeholders agree. */
export type MessageKey = keyof typeof zhCN;
export type Dictionary = Readonly<Record<MessageKey, string>>;

/** The names in `{braces}` of a message. */
type Placeholder<S extends string> = S extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholder<Rest>
  : never;
export type MessageValues<K extends MessageKey> = Readonly<
  Record<Placeholder<(typeof zhCN)[K]>, string | number>
>;
/** What a call of `t` takes besides the key: nothing, or exactly the values that the message names. */
export type MessageArguments<K extends MessageKey> = [Placeholder<(typeof zhCN)[K]>] extends [never]
  ? []
  : [values: MessageValues<K>];

/** Messages that name no values: what a table of keys may hold. */
export type PlainMessageKey = {
  [K in MessageKey]: [Placeholder<(typeof zhCN)[K]>] extends [never] ? K : never;
}[MessageKey];

/** A fault as the operator reads it. */
export interface FaultWords {
  /** What happened. */
  readonly what: string;
  /** What to do now. */
  readonly todo: string;
  /** Shown only when the fault carries every value that it names. */
  readonly more?: string;
}
export type FaultDictionary = Readonly<Record<FaultCode, FaultWords>>;

/** A terminal's refusal that its document explains: `what` names `{reason}`, and each remedy has a sentence. */
export interface TerminalWords {
  readonly what: string;
  readonly todo: Readonly<Record<AmpeRemedy, string>>;
}
