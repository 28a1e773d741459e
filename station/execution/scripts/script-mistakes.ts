import { type CodedText, NO_TEXT } from '#shared/words/index.ts';
import { scriptText as text } from './script-texts.ts';
import { didYouMean, nearest } from '#shared/recipe/index.ts';
import { blankLiterals } from './blank-literals.ts';

/** Names of the script API, as in `resources/script-api/gongwei-script.d.ts`. */
export const SCRIPT_API = {
  script: [
    ...['device', 'ble', 'board', 'instrument', 'measure', 'prompt', 'log', 'set', 'fail', 'wait'],
    ...['options', 'unit'],
  ],
  device: [
    ...['send', 'expect', 'request', 'sendFrame', 'expectFrame', 'requestFrame'],
    ...['read', 'at', 'setLines'],
  ],
  ble: ['read', 'write', 'notified', 'request', 'mtu'],
  board: ['power', 'relay', 'pin'],
  unit: ['serialNumber', 'chipId', 'model', 'firmwareVersion', 'deviceName', 'attach'],
} as const;

/** Globals of Node and of browsers that a script does not have. */
const FOREIGN_GLOBALS: ReadonlySet<string> = new Set([
  ...['require', 'process', 'Buffer', 'module', 'exports', '__dirname', '__filename'],
  ...['fetch', 'XMLHttpRequest', 'WebSocket', 'URL', 'URLSearchParams', 'window', 'document', 'navigator'],
  ...['setInterval', 'clearInterval', 'setImmediate', 'queueMicrotask', 'structuredClone', 'performance'],
  ...['crypto', 'TextEncoder', 'TextDecoder', 'atob', 'btoa', 'AbortController', 'AbortSignal'],
]);

/** A longer script was generated, and is not checked. */
const MAX_CHARACTERS = 200_000;
const DEFINE = 'defineScript';

export interface ScriptMistake {
  /** Index in the code. */
  readonly index: number;
  readonly text: CodedText;
}

/** The variables and options that the steps of a script name. */
export interface StepFacts {
  /** Variables that the steps name under `sets`. */
  readonly sets: readonly string[];
  /** Names of the options of each step. */
  readonly options: readonly (readonly string[])[];
}

/**
 * Mistakes in a script by which every unit would fail: unknown names, options that no step gives, variables that its step
 * does not name, calls that are not awaited.
 *
 * @param code JavaScript with every character at its index in the file
 */
export function scriptMistakes(code: string, { sets, options }: StepFacts): ScriptMistake[] {
  if (code.length > MAX_CHARACTERS) return [];
  const masked = blankLiterals(code);
  const names = namesIn(masked);
  const given = parametersOf(masked, names);
  const has = (name: string): boolean =>
    given.some((one) => one.name === name && !one.renamed) && !isDeclared(names, name);
  return [
    ...foreignGlobals(names),
    ...given.flatMap(({ name, index }) => unknown(text('script-itself'), name, index, SCRIPT_API.script)),
    ...(['device', 'ble', 'board', 'unit'] as const)
      .filter(has)
      .flatMap((of) =>
        membersOf(names, of).flatMap(({ name, index }) => unknown(of, name, index, SCRIPT_API[of])),
      ),
    ...notAwaited(names, has),
    ...(has('options') ? optionsNotGiven(masked, names, options) : []),
    ...unnamed(code, names, sets),
  ];
}

/** A name in code. */
interface Name {
  readonly name: string;
  readonly index: number;
  /** The word before it, else the sign. */
  readonly before: string;
  /** The sign behind it, `=>` whole; empty before a word. */
  readonly after: string;
}

/** All names, in the order of the code. */
function namesIn(code: string): Name[] {
  let last = { end: 0, name: '' };
  return [...code.matchAll(/[A-Za-z_$][\w$]*/g)].map(({ 0: name, index }) => {
    const between = code.slice(last.end, index).trim();
    const end = index + name.length;
    const after = /^\s*(=>|[^\s\w]?)/.exec(code.slice(end, end + 200))?.[1] ?? '';
    const before = between === '' ? last.name : between.endsWith('...') ? '...' : between.slice(-1);
    last = { end, name };
    return { name, index, before, after };
  });
}

function foreignGlobals(names: readonly Name[]): ScriptMistake[] {
  const first = new Map<string, number>();
  for (const { name, index, before, after } of names) {
    if (first.has(name) || before === '.' || before === 'typeof' || after === ':') continue;
    if (FOREIGN_GLOBALS.has(name) || (name === DEFINE && after === '(')) first.set(name, index);
  }
  return [...first]
    .filter(([name]) => !isDeclared(names, name))
    .map(([name, index]) => ({
      index,
      text: name === DEFINE ? text('script-define-not-imported') : text('script-no-global', name),
    }));
}

const DECLARES: ReadonlySet<string> = new Set(['const', 'let', 'var', 'function', 'class', 'import']);

/** True for a name that the script seems to declare: a variable, a function, a parameter. */
function isDeclared(names: readonly Name[], wanted: string): boolean {
  const isApi = (SCRIPT_API.script as readonly string[]).includes(wanted);
  return names.some(
    ({ name, before, after }) =>
      name === wanted &&
      (DECLARES.has(before) ||
        (!isApi && (after === '=>' || (/^[({[,]$/.test(before) && /^[,)}\]=]$/.test(after))))),
  );
}

interface Parameter {
  readonly name: string;
  readonly index: number;
  readonly renamed: boolean;
}

/** The names that the body destructures from its parameter: `({ device, measure: record })`. */
function parametersOf(code: string, names: readonly Name[]): Parameter[] {
  return names.flatMap(({ name, index, after }) => {
    if (name !== DEFINE || after !== '(') return [];
    const start = index + name.length;
    const body = /^\s*\(\s*(?:async\s*)?(?:function\b[^(]{0,99})?\(\s*\{/.exec(
      code.slice(start, start + 500),
    );
    if (body === null) return [];
    const from = start + body[0].length;
    const list = code.slice(from, Math.max(from, code.indexOf('}', from)));
    return [...list.matchAll(/(?:^|,)\s*([A-Za-z_$][\w$]*)\s*(:?)/g)].map((match) => ({
      name: match[1] ?? '',
      index: from + match.index + match[0].indexOf(match[1] ?? ''),
      renamed: match[2] === ':',
    }));
  });
}

/** The members of an object that the code uses: `device.NAME`. */
function membersOf(names: readonly Name[], of: string): Name[] {
  return names.filter(({ before }, position) => {
    const owner = names[position - 1];
    return before === '.' && owner?.name === of && owner.before !== '.' && /^[.?]$/.test(owner.after);
  });
}

function unknown(
  of: string | CodedText,
  name: string,
  index: number,
  known: readonly string[],
): ScriptMistake[] {
  if (known.includes(name)) return [];
  const near = didYouMean(name, known);
  return [
    {
      index,
      text:
        near === NO_TEXT
          ? text('script-no-member', of, name, known.join(', '))
          : text('script-no-member-near', of, name, near),
    },
  ];
}

/** Signs and words before a statement. */
const BEFORE_STATEMENT: ReadonlySet<string> = new Set(['', ';', '{', '}', ')', 'else', 'do']);

/** Calls that are useless without their answer, or without the wait for their end. */
const AWAITED: ReadonlySet<string> = new Set([
  ...['request', 'expect', 'requestFrame', 'expectFrame', 'read', 'at', 'wait', 'prompt'],
]);

/** Calls without `await`: the script would end before they do, and the unit would pass without them. */
function notAwaited(names: readonly Name[], has: (name: string) => boolean): ScriptMistake[] {
  return names.flatMap(({ name, index, before, after }, at): ScriptMistake[] => {
    const next = names[at + 1];
    if (name === 'forEach' && before === '.' && after === '(' && next?.name === 'async')
      return [{ index, text: text('script-for-each') }];
    if (!BEFORE_STATEMENT.has(before) || !has(name)) return [];
    const [call, end] = name === 'device' ? [next?.name ?? '', next?.after] : [name, after];
    if (!AWAITED.has(call) || end !== '(') return [];
    const whole = name === 'device' ? `device.${call}` : call;
    return [{ index, text: text('script-not-awaited', whole) }];
  });
}

/** Options that the script converts to numbers and that a step does not give: the number would be NaN. */
function optionsNotGiven(
  code: string,
  names: readonly Name[],
  options: StepFacts['options'],
): ScriptMistake[] {
  const reads = membersOf(names, 'options');
  return reads.flatMap(({ name, index }, at) => {
    const without = options.find((given) => !given.includes(name));
    const isNumber = /\bNumber\(\s*options\s*\??\.\s*$/.test(code.slice(Math.max(0, index - 60), index));
    const isFirst = reads.findIndex((one) => one.name === name) === at;
    if (without === undefined || !isNumber || code[index + name.length] !== ')' || !isFirst) return [];
    const meant = nearest(
      name,
      without.filter((one) => !reads.some((read) => read.name === one)),
    );
    const given =
      meant === null ? text('script-option-missing', name) : text('script-option-other', name, meant);
    return [{ index, text: given }];
  });
}

/** Calls of `set` with a variable that the step does not name under `sets`. */
function unnamed(code: string, names: readonly Name[], sets: readonly string[]): ScriptMistake[] {
  return names.flatMap(({ name: call, index, before, after }) => {
    if (call !== 'set' || before === '.' || after !== '(') return [];
    const start = index + call.length;
    const name = /^\s*\(\s*(['"`])([A-Za-z_]\w*)\1/.exec(code.slice(start, start + 200))?.[2];
    if (name === undefined || sets.includes(name)) return [];
    return [{ index, text: text('script-sets-unnamed', name) }];
  });
}
