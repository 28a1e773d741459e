import type { Language } from '#shared/words/index.ts';
import type { baseZhCN } from './words.zh-cn.ts';

type Base = typeof baseZhCN;

/**
 * Every message of the pages: its key and its Chinese text. `app/operator-words.ts` and
 * `app/shell/back-office-words.ts` add the messages of the features by declaration merging.
 */
export interface Messages extends Base {}

export type MessageKey = keyof Messages;

/** A translation has every key of the Chinese words and no other; a test checks that the placeholders agree. */
export type Translation<ZhCN extends object> = Readonly<Record<keyof ZhCN, string>>;

/** Words of one feature, or of several, in every language. */
export type Words = Readonly<Record<Language, Readonly<Partial<Record<MessageKey, string>>>>>;

/** The names in `{braces}` of a message. */
type Placeholder<S> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Placeholder<Rest> : never;
export type MessageValues<K extends MessageKey> = Readonly<Record<Placeholder<Messages[K]>, string | number>>;
/** The arguments of `t` after the key: none, or the values that the message names. */
export type MessageArguments<K extends MessageKey> = [Placeholder<Messages[K]>] extends [never]
  ? []
  : [values: MessageValues<K>];

/** Messages without values, as a table of keys holds them. */
export type PlainMessageKey = {
  [K in MessageKey]: [Placeholder<Messages[K]>] extends [never] ? K : never;
}[MessageKey];
