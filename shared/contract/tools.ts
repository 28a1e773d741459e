import { z } from 'zod';
import { call } from '../rpc/contract.ts';
import { TOOL_NAME } from '../domain/tool-arguments.ts';
import { empty } from './common.ts';

/** A program of another vendor that recipes may run at this station. */
const toolView = z.object({
  /** How recipes name it. */
  name: z.string(),
  path: z.string(),
  /** SHA-256 of its file when it was listed, lower-case hex; another file does not run. */
  sha256: z.string(),
});
export type ToolView = z.infer<typeof toolView>;

const toolList = z.object({ tools: z.array(toolView) });
const name = z
  .string()
  .regex(TOOL_NAME, 'begins with a letter or a digit and has letters, digits and . _ - only, 48 at most');
const ENGINEER = ['engineer'] as const;

export const toolCalls = {
  'tools.list': call(ENGINEER, empty, toolList, { automatic: true, atOnce: false }),
  /** Lists a program, or lists it again after an update. Faults: `bad-input`, `file-missing`, `file-denied`. */
  'tools.add': call(ENGINEER, z.strictObject({ name, path: z.string().trim().min(1).max(1000) }), toolList, {
    automatic: false,
    atOnce: false,
  }),
  /** Faults: `not-configured`. */
  'tools.remove': call(ENGINEER, z.strictObject({ name }), toolList, { automatic: false, atOnce: false }),
};
