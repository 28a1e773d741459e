import type { ThingModel } from '../domain/thing-model/index.ts';
import type { LlsyncType } from './llsync.ts';
import type { StepOf } from './verbs/index.ts';

export type LlsyncStep = StepOf<'llsync-action' | 'llsync-event' | 'llsync-property'>;

/** An id of a step, and where the thing model has it. */
export interface LlsyncReference {
  /** Its path in the step. */
  readonly path: readonly (string | number)[];
  readonly id: string | number;
  /** What the thing model has there, in its order: the place is the id of LLSync. */
  readonly among: readonly LlsyncEntry[];
  /** The type that the step sends; `null` where it sends none. */
  readonly type: { readonly path: readonly (string | number)[]; readonly name: LlsyncType } | null;
}

/** `type`: that of LLSync; `null` where the thing model has none. */
interface LlsyncEntry {
  readonly id: string;
  readonly type: string | null;
}

/** A member of a thing model, as properties, members of structs and parameters are written. */
interface Member {
  readonly id: string;
  readonly define?: { readonly type: string } | undefined;
  readonly dataType?: { readonly type: string } | undefined;
}

/**
 * The ids of a step with their places in a thing model. LLSync numbers properties, members of a struct, events, actions and their
 * parameters by their order in the thing model. Source: LLSync protocol 1.4.1, data template.
 */
export function llsyncReferences(step: LlsyncStep, model: ThingModel): LlsyncReference[] {
  switch (step.verb) {
    case 'llsync-property': {
      const { id, type, member, set } = step;
      const members = entriesOf(entryOf(model.properties, id)?.define.specs ?? []);
      const sends = set === undefined ? null : { path: ['type'], name: type };
      return [
        { path: ['id'], id, among: entriesOf(model.properties), type: sends },
        ...(member === undefined ? [] : [{ path: ['member'], id: member, among: members, type: null }]),
        ...(Array.isArray(set) ? set : []).map((one, index) => given('set', index, one, members)),
      ];
    }
    case 'llsync-event': {
      const among = entriesOf(entryOf(model.events, step.id)?.params ?? []);
      return [
        { path: ['id'], id: step.id, among: entriesOf(model.events), type: null },
        ...step.values.map(({ id }, index) => ({ path: ['values', index, 'id'], id, among, type: null })),
      ];
    }
    case 'llsync-action': {
      const action = entryOf(model.actions, step.id);
      const [input, output] = [entriesOf(action?.input ?? []), entriesOf(action?.output ?? [])];
      return [
        { path: ['id'], id: step.id, among: entriesOf(model.actions), type: null },
        ...step.input.map((one, index) => given('input', index, one, input)),
        ...step.values.map(({ id }, index) => ({
          path: ['values', index, 'id'],
          id,
          among: output,
          type: null,
        })),
      ];
    }
  }
}

/** The place of an id; `null` when the thing model has none such there. */
export function llsyncPlaceOf({ id, among }: Pick<LlsyncReference, 'id' | 'among'>): number | null {
  if (typeof id === 'number') return id < among.length ? id : null;
  const place = among.findIndex((one) => one.id === id);
  return place < 0 ? null : place;
}

function given(
  key: string,
  index: number,
  { id, type }: { readonly id: string | number; readonly type: LlsyncType },
  among: readonly LlsyncEntry[],
): LlsyncReference {
  return { path: [key, index, 'id'], id, among, type: { path: [key, index, 'type'], name: type } };
}

function entryOf<T extends { readonly id: string }>(list: readonly T[], id: string | number): T | undefined {
  return typeof id === 'number' ? list[id] : list.find((one) => one.id === id);
}

function entriesOf(list: readonly Member[]): LlsyncEntry[] {
  return list.map(({ id, define, dataType }) => {
    const type = (define ?? dataType)?.type ?? null;
    return { id, type: type === 'timestamp' ? 'time' : type };
  });
}
