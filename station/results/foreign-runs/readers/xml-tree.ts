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

/**
 * The outermost elements of a name in a file, each as a tree; other elements outside of them are passed over. One tree is in
 * memory at a time. A document type is refused, so that no entity grows. Faults: `BadRecord` for a file that is no XML, after the
 * elements before the damage.
 */
export async function* readElements(path: string, name: string): AsyncGenerator<XmlElement> {
  const parser = new SaxesParser({ xmlns: true, position: true });
  const stack: OpenElement[] = [];
  let [size, depth] = [0, 0];
  let done: XmlElement[] = [];
  const state: { fault: BadRecord | null } = { fault: null };
  const fail = (message: string): void => {
    state.fault ??= new BadRecord(message);
  };
  parser.on('error', (error) => {
    fail(`it is no XML: ${error.message.replace(/^[^:]*:\d+:\d+: /, '')}`);
  });
  parser.on('doctype', () => {
    fail('it has a document type, which is not read');
  });
  parser.on('opentag', (tag) => {
    depth += 1;
    if (depth > MAX_DEPTH) fail('its elements are too deep');
    if (state.fault !== null || (stack.length === 0 && tag.local !== name)) return;
    const attributes: Record<string, string> = Object.create(null) as Record<string, string>;
    for (const attribute of Object.values(tag.attributes)) {
      if (attribute.prefix === 'xmlns' || attribute.name === 'xmlns') continue;
      // `xsi:type` beside `type`.
      attributes[attribute.local in attributes ? attribute.name : attribute.local] = attribute.value;
    }
    stack.push({ name: tag.local, attributes, children: [], text: '', line: parser.line });
  });
  const addText = (text: string): void => {
    const open = stack.at(-1);
    if (open === undefined) return;
    size += text.length;
    if (size > MAX_RECORD) fail('a record is too long');
    else open.text += text;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => {
    depth -= 1;
    const closed = stack.pop();
    if (closed === undefined || state.fault !== null) return;
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
    if (state.fault === null) parser.write(chunk);
    yield* found();
    if (state.fault !== null) throw state.fault;
  }
  parser.close();
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
