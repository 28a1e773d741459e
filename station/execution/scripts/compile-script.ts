import { z } from 'zod';
import { sha256Hex } from '#node-kit/crypto/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { readScript, readSyntaxError, type SyntaxProblem } from './read-script.ts';
import type { ScriptSandbox } from './script-sandbox.ts';

/**
 * Program that removes types and reads the JavaScript as a module without running it, for a process of its own. Some sixty
 * characters keep Node's parser busy for years, and deep nesting leaves it broken for the next call, so it never runs in the
 * station. JavaScript that Node cannot read ends the process, so that Node prints the position to standard error.
 */
const READ = String.raw`
import { writeSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { SourceTextModule, SyntheticModule } from 'node:vm';
const parts = [];
for await (const part of process.stdin) parts.push(part);
function print(output) {
  let bytes = Buffer.from(JSON.stringify(output));
  while (bytes.length > 0) bytes = bytes.subarray(writeSync(1, bytes));
}
function isDeep(error) {
  return error instanceof RangeError || error?.code === 'ERR_INTERNAL_ASSERTION';
}
function withoutTypes() {
  try {
    const source = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts));
    const strip = nodeModule.stripTypeScriptTypes;
    if (strip === undefined) return { missing: true };
    try {
      return { code: strip(source) };
    } catch (error) {
      if (isDeep(error)) throw error;
      // Once more with a name: then the message has the position.
      strip(source, { sourceUrl: 'script' });
      throw error;
    }
  } catch (error) {
    const deep = isDeep(error);
    return { message: deep ? 'is nested too deep to be read' : String(error?.message).split('\n').find((line) => line.trim() !== '') ?? '', stack: String(error?.stack).slice(0, 65536) };
  }
}
async function exportsOf(module) {
  const imports = [];
  let missing = null;
  try {
    await module.link((specifier) => {
      imports.push(specifier);
      return new SyntheticModule(['defineScript'], () => undefined);
    });
  } catch (error) {
    missing = String(error?.message).slice(0, 200);
  }
  return { imports, hasDefault: missing === null && 'default' in module.namespace, missing };
}
const output = withoutTypes();
let module;
try {
  if (output.code !== undefined) module = new SourceTextModule(output.code, { identifier: 'script' });
} catch (error) {
  setTimeout(() => { throw error; });
}
print(module === undefined ? output : { ...output, module: await exportsOf(module) });
`;

const moduleFacts = z.object({
  imports: z.array(z.string()),
  hasDefault: z.boolean(),
  /** Message about a name that it imports and the module does not export. */
  missing: z.string().nullable(),
});

const readerOutput = z.union([
  z.object({ code: z.string(), module: moduleFacts.optional() }),
  z.object({ missing: z.literal(true) }),
  z.object({
    message: z.string().transform((message) => message.trim().slice(0, 300)),
    /** Stack of the error, whose first lines name the position. */
    stack: z.string().default(''),
  }),
]);

/** A script without its types. */
export interface CompiledScript {
  /** JavaScript with blanks in place of types, so that positions of its faults are those of the file. */
  readonly code: string;
  /** What it imports and exports, or why the JavaScript cannot be read as a module. */
  readonly module: z.infer<typeof moduleFacts> | SyntaxProblem;
}

/** Compiled scripts that are cached. */
const MAX_CACHED = 32;
/** By the hash of the source, on which nothing else has influence; the most recently used one last. */
const compiledByHash = new Map<string, CompiledScript>();

/**
 * Removes the types of a script and reads it as a module, in a process of its own, and does not run it. Faults:
 * `recipe-invalid` that names the position; `tool-missing` in a host whose Node cannot remove types; the signal's reason.
 */
export async function compileScript(
  file: string,
  bytes: Uint8Array,
  sandbox: ScriptSandbox,
  signal: AbortSignal,
): Promise<CompiledScript> {
  const hash = sha256Hex(bytes);
  const compiled = compiledByHash.get(hash) ?? (await compile(file, bytes, sandbox, signal));
  compiledByHash.delete(hash);
  compiledByHash.set(hash, compiled);
  for (const [oldest] of compiledByHash) if (compiledByHash.size > MAX_CACHED) compiledByHash.delete(oldest);
  return compiled;
}

async function compile(
  file: string,
  bytes: Uint8Array,
  sandbox: ScriptSandbox,
  signal: AbortSignal,
): Promise<CompiledScript> {
  const { stdout, stderr } = await readScript(READ, bytes, sandbox, signal);
  const output = readOutput(stdout) ?? {
    message: 'takes too long or too much memory to be read',
    stack: '',
  };
  if ('code' in output) {
    const unreadable = { line: 1, column: 1, message: 'cannot be read as a module' };
    return { code: output.code, module: output.module ?? readSyntaxError(stderr) ?? unreadable };
  }
  if ('missing' in output) {
    throw new Fault('tool-missing', 'this host cannot run scripts in TypeScript', {
      hint: 'Use the kiosk or the terminal with the Node that Gongwei brings.',
    });
  }
  const problem = readSyntaxError(output.stack);
  const where = problem === null ? file : `${file}:${problem.line}:${problem.column}`;
  throw new Fault(
    'recipe-invalid',
    `${where}: ${(problem?.message ?? output.message) || 'is not TypeScript'}`,
    {
      ...(problem === null ? {} : { details: { file, line: problem.line, column: problem.column } }),
      hint: 'Only types that can be taken out are allowed: no enums, no namespaces, no parameter properties.',
    },
  );
}

/** `null` for output of another shape. */
function readOutput(text: string): z.infer<typeof readerOutput> | null {
  try {
    return readerOutput.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
