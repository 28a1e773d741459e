import type { z } from 'zod';

/** The roles, least rights first. A role may do what the roles before it may, unless a call lists other roles. */
export const ROLES = ['operator', 'support', 'engineer'] as const;
export type Role = (typeof ROLES)[number];

/** What a contract must decide for each call. */
export interface CallTraits {
  /** Pages also make this call without an act of a user, so that it does not keep a user signed in. */
  readonly automatic: boolean;
  /** The input refers to what the caller saw: when it arrives late, the call is refused with `disconnected`. */
  readonly atOnce: boolean;
}

/** A request with one response; `roles` lists the roles that may send it. */
export interface CallSpec<
  I extends z.ZodType = z.ZodType,
  O extends z.ZodType = z.ZodType,
> extends CallTraits {
  readonly kind: 'call';
  readonly roles: readonly Role[];
  readonly input: I;
  readonly output: O;
}

/** State that clients watch: a snapshot, then deltas in sequence; `apply` computes the next state on both sides. */
export interface TopicSpec<S extends z.ZodType = z.ZodType, D extends z.ZodType = z.ZodType> {
  readonly kind: 'topic';
  readonly roles: readonly Role[];
  readonly snapshot: S;
  readonly delta: D;
  readonly apply: (snapshot: z.output<S>, delta: z.output<D>) => z.output<S>;
}

export interface Contract {
  readonly calls: Readonly<Record<string, CallSpec>>;
  readonly topics: Readonly<Record<string, AnyTopicSpec>>;
}

/** A topic of any state type: `apply` is contravariant, so that the plain TopicSpec does not accept it. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- see above
export type AnyTopicSpec = TopicSpec<any, any>;

export type CallInput<C extends Contract, K extends keyof C['calls']> = z.input<C['calls'][K]['input']>;
export type CallParsed<C extends Contract, K extends keyof C['calls']> = z.output<C['calls'][K]['input']>;
export type CallOutput<C extends Contract, K extends keyof C['calls']> = z.output<C['calls'][K]['output']>;
export type TopicState<C extends Contract, K extends keyof C['topics']> = z.output<
  C['topics'][K]['snapshot']
>;
export type TopicDelta<C extends Contract, K extends keyof C['topics']> = z.output<C['topics'][K]['delta']>;

export function call<I extends z.ZodType, O extends z.ZodType>(
  roles: readonly Role[],
  input: I,
  output: O,
  { automatic, atOnce }: CallTraits,
): CallSpec<I, O> {
  return { kind: 'call', roles, input, output, automatic, atOnce };
}

export function topic<S extends z.ZodType, D extends z.ZodType>(
  roles: readonly Role[],
  shape: { snapshot: S; delta: D; apply: (snapshot: z.output<S>, delta: z.output<D>) => z.output<S> },
): TopicSpec<S, D> {
  return { kind: 'topic', roles, ...shape };
}
