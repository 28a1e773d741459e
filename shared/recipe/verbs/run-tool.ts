import { verbText as text } from '../texts/verb-texts.ts';
import { shape } from '../texts/shape-texts.ts';
import { z } from 'zod';
import {
  brokenPlaceholder,
  identityInArgument,
  TOOL_NAME,
  TOOL_PLACEHOLDERS,
  unknownPlaceholder,
} from '../../domain/tool-arguments.ts';
import { isFilePattern } from '../../domain/file-pattern.ts';
import { patternProblem } from '../../pattern/index.ts';
import { nearPlaceholder } from '../check/near-placeholder.ts';
import { nearest } from '../check/nearest.ts';
import { regex, stepCommon } from '../common.ts';
import type { Mistake } from '../mistake.ts';
import { UNIT_PLACEHOLDERS } from '../unit-text.ts';
import { defineVerb } from './verb.ts';

/** Room for a program that writes a large flash at a low speed. */
const LONGEST_MS = 900_000;
/** A program ends in a second, and the port comes back in ten. */
const SETTLE_MS = 15_000;

export const runTool = defineVerb({
  verb: 'run-tool',
  step: z.strictObject({
    verb: z.literal('run-tool'),
    ...stepCommon,
    command: z.array(z.string().min(1).max(1024)).min(1).max(64),
    baudRate: z.int().min(300).max(4_000_000).optional(),
    progress: regex.optional(),
    failure: z.record(z.string().min(1).max(1024), z.string().min(1).max(200)).default({}),
    exitStatus: z.int().min(0).max(255).default(0),
    sha256: z
      .array(z.string().regex(/^[0-9a-f]{64}$/, shape('shape-sha256')))
      .max(8)
      .default([]),
    attach: z.array(z.string().min(1).max(200)).max(8).default([]),
  }),
  deviceMs: () => LONGEST_MS,
  settleMs: SETTLE_MS,
  literalKeys: ['progress', 'failure', 'sha256', 'attach'],
  *mistakes({ command, failure, attach }): Iterable<Mistake> {
    const [tool = '', ...args] = command;
    if (!TOOL_NAME.test(tool)) yield { path: ['command', 0], message: text('tool-name', tool) };
    for (const [index, argument] of args.entries()) {
      const found = identityInArgument(argument);
      if (found !== null) yield { path: ['command', index + 1], message: text('tool-identity', found) };
      const broken = brokenPlaceholder(argument);
      if (broken !== null) yield { path: ['command', index + 1], message: text('tool-placeholder', broken) };
      if (found !== null || broken !== null) continue;
      const unknown = unknownPlaceholder(argument, UNIT_PLACEHOLDERS);
      if (unknown === null) continue;
      const known = [...TOOL_PLACEHOLDERS, ...UNIT_PLACEHOLDERS];
      const near = nearest(unknown, known) ?? nearPlaceholder(unknown);
      // The check of all texts names placeholders of the unit that are near.
      if (nearPlaceholder(unknown) !== null && near !== null && !TOOL_PLACEHOLDERS.includes(near)) continue;
      const list = known.map((one) => `{${one}}`).join(', ');
      const message =
        near === null ? text('tool-unknown', unknown, list) : text('tool-unknown-near', unknown, near, list);
      yield { path: ['command', index + 1], message };
    }
    for (const [index, pattern] of attach.entries())
      if (!isFilePattern(pattern)) yield { path: ['attach', index], message: text('tool-attach', pattern) };
    for (const pattern of Object.keys(failure)) {
      const problem = patternProblem(pattern, { multiline: true });
      if (problem !== null) yield { path: ['failure', pattern], message: problem };
    }
  },
  doc: {
    about: `Runs a program of another vendor on the port of the slot (esptool, OpenOCD, STM32_Programmer_CLI, nrfutil). The
station closes the port meanwhile, and opens it again afterwards. Only programs that an engineer has listed at the station run. FAIL
\`device-rejected\`: a line of \`failure\` came. ERROR \`tool-failed\`: the program ended with another status.`,
    example: String.raw`- verb: run-tool
  name: flash-by-vendor
  command: [esptool, --port, '{port}', --baud, '{baudRate}', write-flash, '0x10000', '{firmware}']
  baudRate: 460800
  progress: '(\d+(?:\.\d+)?) ?%'
  failure:
    'No serial data received': 没有进入下载模式 · not in download mode
  timeoutMs: 120000`,
    keys: {
      command: {
        about: `The name of the program in the settings of the station, then its arguments, without a shell. \`{port}\`,
\`{baudRate}\`, \`{file:NAME}\` (a copy of a file in the folder of the recipe), \`{firmware}\` and \`{firmware:NAME}\` (a copy of a
file of the firmware package) and placeholders of the unit are filled in; those of an identity are refused.`,
        examples: [['esptool', '--port', '{port}', 'flash-id']],
      },
      baudRate: {
        about: 'What `{baudRate}` stands for; that of `device.serial` when left out.',
        examples: [460_800],
      },
      progress: {
        about: 'A line that matches shows the first group, a number of percent, at the slot.',
        examples: [String.raw`(\d+) ?%`],
      },
      failure: {
        about: 'Lines that mean that the unit is bad, each with the words for the operator.',
        examples: [{ 'This chip is': '芯片型号不符 · another chip' }],
      },
      exitStatus: { about: 'The exit status of success.', examples: [0] },
      attach: {
        about: `Files that the program leaves in the folder where it runs, which become attachments of the run: names relative to
that folder, with \`*\` and \`?\` for characters of one name. ERROR \`tool-failed\` when the program succeeded and one names no file.`,
        examples: [['*.log', 'report/trace.csv']],
      },
      sha256: {
        about: `SHA-256 of the program, one for each version that the recipe allows. Left out: the program that is listed at the
station.`,
        examples: [['9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08']],
      },
    },
  },
});
