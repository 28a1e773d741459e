import { verbText as text } from '../texts/verb-texts.ts';
import type { CodedText } from '../../words/index.ts';
import { shape } from '../texts/shape-texts.ts';
import { z } from 'zod';
import { AMPE_ACTIONS, AMPE_CALLS, AMPE_LISTENER_NAMES, AMPE_PARAMETERS } from '../../domain/ampe.ts';
import { durationMs, stepCommon, template, unitPattern, variableName } from '../common.ts';
import { measurement } from '../measurement.ts';
import { ampeParams } from '../ampe-params.ts';
import type { Mistake } from '../mistake.ts';
import { defineVerb, waitWithin } from './verb.ts';

const path = z.string().regex(/^[A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*$/, shape('shape-path'));

const step = z
  .strictObject({
    verb: z.literal('ampe'),
    ...stepCommon,
    /** Action of `ampeHHCommunication`. */
    action: z.enum(AMPE_ACTIONS).optional(),
    /** A call that is not an action. */
    call: z.enum(AMPE_CALLS).optional(),
    /** Listener whose delivery is awaited after the reply. Without `action` and `call` nothing is sent. */
    listener: z.enum(AMPE_LISTENER_NAMES).optional(),
    event: z.enum(['open', 'close']).default('open'),
    /** Names the task, so that a later step can stop it; the station makes one when it is left out. */
    taskId: template.min(1).max(64).optional(),
    params: ampeParams.default({}),
    /** False: the terminal must refuse. */
    success: z.boolean().default(true),
    /** Patterns by paths of the message. */
    expect: z.record(path, unitPattern).default({}),
    /** A message without this path is ignored. */
    awaitPath: path.optional(),
    withinMs: durationMs.default(3000),
    capture: z.record(variableName, path).default({}),
    measure: z.array(measurement).default([]),
  })
  .superRefine(({ action, call, listener, params, success }, context) => {
    const issue = (path: string[], said: CodedText): void =>
      context.addIssue({ code: 'custom', path, message: said.en, params: { text: said } });
    if (action !== undefined && call !== undefined) issue(['call'], text('ampe-call-and-action'));
    if (action === undefined && call === undefined && listener === undefined) issue([], text('ampe-nothing'));
    if (action === undefined) {
      const [name] = Object.keys(params);
      if (name !== undefined) issue(['params', name], text('ampe-parameters'));
      return;
    }
    const {
      required,
      optional,
    }: { readonly required: readonly string[]; readonly optional: readonly string[] } =
      AMPE_PARAMETERS[action];
    const known = [...required, ...optional];
    const unknown = Object.keys(params).filter((name) => !known.includes(name));
    for (const name of unknown)
      issue(
        ['params', name],
        known.length === 0 ? text('ampe-takes-none', action) : text('ampe-takes', action, known.join(', ')),
      );
    // A step that awaits a refusal may leave out what the terminal needs.
    const missing =
      success && unknown.length === 0 ? required.find((name) => !Object.hasOwn(params, name)) : undefined;
    if (missing !== undefined) issue(['params'], text('ampe-lacks', missing, action));
  });

export const ampe = defineVerb({
  verb: 'ampe',
  step,
  ownWait: waitWithin,
  *mistakes({ measure }): Iterable<Mistake> {
    for (const [index, { group, at: points }] of measure.entries()) {
      if (typeof group === 'number') yield { path: ['measure', index, 'group'], message: text('ampe-path') };
      if (points !== undefined)
        yield {
          path: ['measure', index, 'at'],
          message: text('ampe-no-curve'),
        };
    }
  },
  doc: {
    about: 'Sends one request to an AMPE terminal and awaits its reply, or the delivery of a listener.',
    example: `- verb: ampe
  name: serial-number
  action: getDeviceInfo
  expect: { data.sn: '^SN' }
  capture: { terminal: data.sn }`,
    keys: {
      action: {
        about: 'Action of the request. A step has an action, a call or a listener.',
        examples: ['getDeviceInfo'],
      },
      call: { about: 'A call that is not an action.' },
      listener: {
        about:
          'Listener whose delivery is awaited after the reply. Without `action` and `call` nothing is sent.',
      },
      event: { about: 'Event of the request.' },
      taskId: {
        about: 'Name of the task, so that a later step can stop it. The station makes one when left out.',
        examples: ['face'],
      },
      params: {
        about:
          'Parameters of the request, of any depth; `{ base64Of: FILE }` is a file in the folder of the recipe.',
        examples: [{ timeout: 10 }],
      },
      success: { about: 'Required value of `success` in the reply.' },
      expect: { about: 'Regular expressions by paths of the reply.', examples: [{ 'data.sn': '^SN' }] },
      awaitPath: {
        about: 'Awaits the reply that has this path; a scanner first replies that it is open.',
        examples: ['data.code'],
      },
      capture: {
        about: 'Variables for later steps: name to path of the reply.',
        examples: [{ terminal: 'data.sn' }],
      },
      'measure.group': {
        about: 'Path of the reply that holds the value. `data` when left out.',
        examples: ['data.sn'],
      },
      withinMs: { about: 'How long the reply is awaited, in milliseconds.' },
    },
  },
});
