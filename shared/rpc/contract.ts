import type { z } from 'zod';

/** Who may ask. Each role may do what the ones before it may, except where a call says otherwise. */
export const ROLES = ['operator', 'support', 'engineer'] as const;
export type Role = (typeof ROLES)[number];

/** A question with an answer; `roles` lists who may ask it. */
export interface CallSpec<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  readonly kind: 'call';
  readonly roles: readonly Role[];
  readonly input: I;
  readonly output: O;
  /** It means what its caller saw when it was sent: one that comes later than this is refused with `disconnected`. */
  readonly freshMs?: number;
}

/** Something to watch: a snapshot first, then deltas in sequence; `apply` folds one into the other on both sides. */
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

/** A topic whose state type is not of interest: `apply` is contravariant, so the plain TopicSpec would not take it. */
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
