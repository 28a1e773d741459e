import {
  type Completion,
  type CompletionContext,
  type CompletionResult,
  autocompletion,
} from '@codemirror/autocomplete';
import { StreamLanguage, type StringStream } from '@codemirror/language';
import type { Extension } from '@codemirror/state';

const KEYWORDS: ReadonlySet<string> = new Set([
  ...[
    'as',
    'async',
    'await',
    'break',
    'case',
    'catch',
    'class',
    'const',
    'continue',
    'default',
    'delete',
    'do',
  ],
  ...[
    'else',
    'export',
    'extends',
    'false',
    'finally',
    'for',
    'from',
    'function',
    'if',
    'import',
    'in',
    'instanceof',
  ],
  ...[
    'interface',
    'let',
    'new',
    'null',
    'of',
    'return',
    'static',
    'switch',
    'this',
    'throw',
    'true',
    'try',
    'type',
  ],
  ...['typeof', 'undefined', 'var', 'void', 'while', 'yield'],
]);

/** What is not closed at the end of a line. */
interface State {
  inside: 'code' | 'comment' | 'template';
}

function token(stream: StringStream, state: State): string | null {
  if (state.inside === 'comment') return endOf(stream, state, '*/', 'comment');
  if (state.inside === 'template') return endOf(stream, state, '`', 'string');
  if (stream.eatSpace()) return null;
  if (takes(stream, '//')) {
    stream.skipToEnd();
    return 'comment';
  }
  if (takes(stream, '/*')) {
    state.inside = 'comment';
    return 'comment';
  }
  if (takes(stream, '`')) {
    state.inside = 'template';
    return 'string';
  }
  if (stream.match(/^'(?:[^'\\]|\\.)*'?/) || stream.match(/^"(?:[^"\\]|\\.)*"?/)) return 'string';
  if (stream.match(/^\d[\w.]*/)) return 'number';
  const word = stream.match(/^[A-Za-z_$][\w$]*/);
  if (Array.isArray(word)) return KEYWORDS.has(word[0] ?? '') ? 'keyword' : 'variableName';
  return stream.next() !== undefined && /[()[\]{};,.]/.test(stream.current()) ? 'punctuation' : null;
}

/** Takes a text that is at the place of the stream; false when it is not there. */
function takes(stream: StringStream, text: string): boolean {
  if (!stream.string.startsWith(text, stream.pos)) return false;
  stream.pos += text.length;
  return true;
}

function endOf(stream: StringStream, state: State, end: string, name: string): string {
  while (!stream.eol()) {
    if (takes(stream, end)) {
      state.inside = 'code';
      return name;
    }
    if (stream.next() === '\\') stream.next();
  }
  return name;
}

/** The colours of TypeScript, without a parser of the whole language: the station checks scripts. */
const scriptLanguage = StreamLanguage.define<State>({
  name: 'typescript',
  startState: () => ({ inside: 'code' }),
  token,
  languageData: { commentTokens: { line: '//', block: { open: '/*', close: '*/' } } },
});

/** An editor of scripts: colours, and the completion of all that a script can call. */
export function scriptSupport(calls: () => readonly string[]): Extension {
  return [scriptLanguage, autocompletion({ override: [(context) => complete(context, calls())] })];
}

function complete(context: CompletionContext, calls: readonly string[]): CompletionResult | null {
  const word = context.matchBefore(/[A-Za-z_$][\w$]*(?:\.[\w$]*)?/);
  if (word === null && !context.explicit) return null;
  const options = calls.map((label): Completion => ({ label, type: 'function' }));
  return { from: word?.from ?? context.pos, options, validFor: /^[\w$.]*$/ };
}
