import { z } from 'zod';
import { AMPE_ACTIONS, AMPE_CALLS, AMPE_LISTENER_NAMES, AMPE_PARAMETERS } from '../../domain/ampe.ts';
import { durationMs, stepCommon, template, unitPattern, variableName } from '../common.ts';
import { measurement } from '../measurement.ts';
import { ampeParams } from './ampe-params.ts';

const path = z.string().regex(/^[A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*$/, 'is a path as data.sn');

/**
 * One request to an AMPE terminal, and its reply or what a listener delivers after it; a group of `measure` is a path
 * into that message, as `data.sn`.
 */
export const ampe = z
  .strictObject({
    verb: z.literal('ampe'),
    ...stepCommon,
    /** What is asked: an action of `ampeHHCommunication`. */
    action: z.enum(AMPE_ACTIONS).optional(),
    /** Or a call that is no action. */
    call: z.enum(AMPE_CALLS).optional(),
    /** What is awaited after the reply: a delivery of this listener. Alone, nothing is sent. */
    listener: z.enum(AMPE_LISTENER_NAMES).optional(),
    event: z.enum(['open', 'close']).default('open'),
    /** Names the task, so that a later step can stop it; the station makes one when it is left out. */
    taskId: template.min(1).max(64).optional(),
    params: ampeParams.default({}),
    /** False: the terminal must refuse. */
    success: z.boolean().default(true),
    /** A pattern per path of the message. */
    expect: z.record(path, unitPattern).default({}),
    /** A message without this path is passed over. */
    awaitPath: path.optional(),
    withinMs: durationMs.default(3000),
    capture: z.record(variableName, path).default({}),
    measure: z.array(measurement).default([]),
  })
  .superRefine(({ action, call, listener, params, success }, context) => {
    const issue = (path: string[], message: string): void =>
      context.addIssue({ code: 'custom', path, message });
    if (action !== undefined && call !== undefined) issue(['call'], 'asks with an action or with a call');
    if (action === undefined && call === undefined && listener === undefined)
      issue([], 'needs an action, a call or a listener');
    if (action === undefined) {
      const [name] = Object.keys(params);
      if (name !== undefined) issue(['params', name], 'is a parameter of no action');
      return;
    }
    const {
      required,
      optional,
    }: { readonly required: readonly string[]; readonly optional: readonly string[] } =
      AMPE_PARAMETERS[action];
    const known = [...required, ...optional];
    const unknown = Object.keys(params).filter((name) => !known.includes(name));
    const takes = known.length === 0 ? 'takes none' : `takes ${known.join(', ')}`;
    for (const name of unknown) issue(['params', name], `is no parameter of ${action}, which ${takes}`);
    // A step that awaits a refusal may leave out what the terminal needs.
    const missing =
      success && unknown.length === 0 ? required.find((name) => !Object.hasOwn(params, name)) : undefined;
    if (missing !== undefined) issue(['params'], `lacks ${missing}, which ${action} requires`);
  });
