import { createReadStream } from 'node:fs';
import { SaxesParser } from 'saxes';
import { MAX_RECORD } from '../candidate.ts';
import { BadRecord } from './values.ts';

/** An element without its namespaces: editions of a standard differ in them, and names are enough to read. */
export interface XmlElement {
  readonly name: string;
  /** By local name. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** The text directly in it. */
  readonly text: string;
  readonly line: number;
}

interface OpenElement extends XmlElement {
  readonly children: XmlElement[];
  text: string;
}

const MAX_DEPTH = 200;
/** The longest tag, text or comment, which the parser holds until its end. */
const MAX_TOKEN = 1024 * 1024;
/** What an element and an attribute take in memory beside their characters. */
const ELEMENT_COST = 64;

/**
 * The outermost elements of a name in a file, each as a tree; other elements outside of them are passed over. One tree is in
 * memory at a time. A document type is refused, so that no entity grows. Faults: `BadRecord` for a file that is no XML, after the
 * elements before the damage.
 */
export async function* readElements(path: string, name: string): AsyncGenerator<XmlElement> {
  const parser = new SaxesParser({ xmlns: true, position: true });
  const stack: OpenElement[] = [];
  let [size, depth, unfinished] = [0, 0, 0];
  let done: XmlElement[] = [];
  const state: { fault: BadRecord | null } = { fault: null };
  /** Ends the parser's work at once: it would take the square of the depth to read on. */
  const fail = (message: string): never => {
    throw (state.fault ??= new BadRecord(message));
  };
  const parse = (work: () => unknown): void => {
    try {
      work();
    } catch (error) {
      if (error !== state.fault) throw error;
    }
  };
  const grow = (characters: number): void => {
    size += characters;
    if (size > MAX_RECORD) fail('a record is too long');
  };
  parser.on('error', (error) => {
    fail(`it is no XML: ${error.message.replace(/^[^:]*:\d+:\d+: /, '')}`);
  });
  parser.on('doctype', () => {
    fail('it has a document type, which is not read');
  });
  parser.on('opentag', (tag) => {
    depth += 1;
    unfinished = 0;
    if (depth > MAX_DEPTH) fail('its elements are too deep');
    if (stack.length === 0 && tag.local !== name) return;
    const attributes: Record<string, string> = Object.create(null) as Record<string, string>;
    for (const attribute of Object.values(tag.attributes)) {
      if (attribute.prefix === 'xmlns' || attribute.name === 'xmlns') continue;
      grow(ELEMENT_COST + attribute.name.length + attribute.value.length);
      // `xsi:type` beside `type`.
      attributes[attribute.local in attributes ? attribute.name : attribute.local] = attribute.value;
    }
    grow(ELEMENT_COST + tag.name.length);
    stack.push({ name: tag.local, attributes, children: [], text: '', line: parser.line });
  });
  const addText = (text: string): void => {
    unfinished = 0;
    const open = stack.at(-1);
    if (open === undefined) return;
    grow(text.length);
    open.text += text;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('comment', () => {
    unfinished = 0;
  });
  parser.on('closetag', () => {
    depth -= 1;
    unfinished = 0;
    const closed = stack.pop();
    if (closed === undefined) return;
    const parent = stack.at(-1);
    if (parent !== undefined) parent.children.push(closed);
    else {
      done.push(closed);
      size = 0;
    }
  });
  const found = function* (): Generator<XmlElement> {
    const elements = done;
    done = [];
    yield* elements;
  };
  for await (const chunk of createReadStream(path, 'utf8') as AsyncIterable<string>) {
    unfinished += chunk.length;
    parse(() => parser.write(chunk));
    if (state.fault === null && unfinished > MAX_TOKEN)
      state.fault = new BadRecord('a tag, text or comment is too long');
    yield* found();
    if (state.fault !== null) throw state.fault;
  }
  parse(() => parser.close());
  yield* found();
  if (state.fault !== null) throw state.fault;
}

export function child(of: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined {
  let found = of;
  for (const name of path) found = found?.children.find((one) => one.name === name);
  return found;
}

export function childrenOf(of: XmlElement | undefined, name: string): readonly XmlElement[] {
  return of?.children.filter((one) => one.name === name) ?? [];
}
