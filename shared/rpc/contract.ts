import type { z } from 'zod';

/** The roles, least rights first. A role may do what the roles before it may, unless a call lists other roles. */
export const ROLES = ['operator', 'support', 'engineer'] as const;
export type Role = (typeof ROLES)[number];

/** A request with one response; `roles` lists the roles that may send it. */
export interface CallSpec<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  readonly kind: 'call';
  readonly roles: readonly Role[];
  readonly input: I;
  readonly output: O;
  /** For calls that refer to what the caller saw: a call that arrives later than this is refused with `disconnected`. */
  readonly freshMs?: number;
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
  more: Pick<CallSpec, 'freshMs'> = {},
): CallSpec<I, O> {
  return { kind: 'call', roles, input, output, ...more };
}

export function topic<S extends z.ZodType, D extends z.ZodType>(
  roles: readonly Role[],
  shape: { snapshot: S; delta: D; apply: (snapshot: z.output<S>, delta: z.output<D>) => z.output<S> },
): TopicSpec<S, D> {
  return { kind: 'topic', roles, ...shape };
}
