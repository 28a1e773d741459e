/** The data template of the simulated device and its values in binary form (LLSync protocol 1.4.1). */

/** Type codes of the protocol. */
const CODE = { bool: 0, int: 1, string: 2, float: 3, enumeration: 4, time: 5, struct: 6 } as const;
type Kind = keyof typeof CODE;

/** Order is the id. */
export const PROPERTIES = [
  { name: 'power', kind: 'bool' },
  { name: 'brightness', kind: 'int' },
  { name: 'label', kind: 'string' },
  { name: 'temperature', kind: 'float' },
  { name: 'mode', kind: 'enumeration' },
  { name: 'booted', kind: 'time' },
  { name: 'colour', kind: 'struct' },
] as const satisfies readonly { name: string; kind: Kind }[];

/** Members of the struct `colour`, by id. */
const COLOUR = ['red', 'green', 'blue'] as const;

export interface State {
  power: boolean;
  brightness: number;
  label: string;
  temperature: number;
  mode: number;
  booted: number;
  colour: [number, number, number];
}

export function factoryState(): State {
  return { power: false, brightness: 0, label: '', temperature: 21.5, mode: 0, booted: 0, colour: [0, 0, 0] };
}

const head = (kind: Kind, id: number): number => CODE[kind] * 32 + id;

function be32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value | 0);
  return bytes;
}

function counted(content: Buffer): Buffer {
  const size = Buffer.alloc(2);
  size.writeUInt16BE(content.length);
  return Buffer.concat([size, content]);
}

/** As the SDK copies it from the memory of a processor with the little end first; all else is turned. */
export function float32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
}

/** One bool with an id, as a parameter of an event or an action. */
export const boolParameter = (id: number, value: boolean): Buffer =>
  Buffer.of(head('bool', id), value ? 1 : 0);
export const floatParameter = (id: number, value: number): Buffer =>
  Buffer.concat([Buffer.of(head('float', id)), float32(value)]);
export const intParameter = (id: number, value: number): Buffer =>
  Buffer.concat([Buffer.of(head('int', id)), be32(value)]);

/** The values of some properties; of all when no ids are given. */
export function reportOf(state: State, ids: readonly number[] = PROPERTIES.map((_, id) => id)): Buffer {
  return Buffer.concat(ids.map((id) => propertyBytes(state, id)));
}

function propertyBytes(state: State, id: number): Buffer {
  const property = PROPERTIES[id];
  if (property === undefined) return Buffer.alloc(0);
  const first = Buffer.of(head(property.kind, id));
  switch (property.name) {
    case 'power':
      return Buffer.concat([first, Buffer.of(state.power ? 1 : 0)]);
    case 'brightness':
      return Buffer.concat([first, be32(state.brightness)]);
    case 'label':
      return Buffer.concat([first, counted(Buffer.from(state.label))]);
    case 'temperature':
      return Buffer.concat([first, float32(state.temperature)]);
    case 'mode':
      return Buffer.concat([first, Buffer.of(state.mode >> 8, state.mode & 0xff)]);
    case 'booted':
      return Buffer.concat([first, be32(state.booted)]);
    case 'colour':
      return Buffer.concat([
        first,
        counted(Buffer.concat(state.colour.map((one, at) => intParameter(at, one)))),
      ]);
  }
}

/** How many bytes a value of a fixed size has; `null`: its size precedes it. */
const SIZES: readonly (number | null)[] = [1, 4, null, 4, 2, 4, null];

/** A value that was written: its id, its type code and its bytes. */
export interface RawValue {
  readonly id: number;
  readonly code: number;
  readonly bytes: Buffer;
}

/** Splits written values; `null` for bytes that are none. */
export function splitValues(bytes: Buffer): readonly RawValue[] | null {
  const values: RawValue[] = [];
  for (let rest = bytes; rest.length > 0;) {
    const first = rest.readUInt8(0);
    const code = first >> 5;
    const fixed = SIZES[code];
    if (fixed === undefined) return null;
    const skip = fixed === null ? 3 : 1;
    if (rest.length < skip) return null;
    const size = fixed ?? rest.readUInt16BE(1);
    if (rest.length < skip + size) return null;
    values.push({ id: first & 31, code, bytes: rest.subarray(skip, skip + size) });
    rest = rest.subarray(skip + size);
  }
  return values;
}

/** Takes written values over. False, and nothing is changed, when one does not fit the template. */
export function applyValues(state: State, values: readonly RawValue[]): boolean {
  const next: State = { ...state, colour: [...state.colour] };
  for (const { id, code, bytes } of values) {
    const property = PROPERTIES[id];
    if (property === undefined || CODE[property.kind] !== code) return false;
    if (!setProperty(next, property.name, bytes)) return false;
  }
  Object.assign(state, next);
  return true;
}

function setProperty(state: State, name: (typeof PROPERTIES)[number]['name'], bytes: Buffer): boolean {
  switch (name) {
    case 'power':
      state.power = bytes[0] === 1;
      return true;
    case 'brightness':
      state.brightness = bytes.readInt32BE(0);
      return state.brightness >= 0 && state.brightness <= 100;
    case 'label':
      state.label = bytes.toString('utf8');
      return bytes.length <= 64;
    case 'temperature':
    case 'booted':
      return false;
    case 'mode':
      state.mode = bytes.readUInt16BE(0);
      return state.mode <= 3;
    case 'colour': {
      const members = splitValues(bytes);
      if (members === null) return false;
      for (const member of members) {
        if (member.code !== CODE.int || member.id >= COLOUR.length) return false;
        state.colour[member.id as 0 | 1 | 2] = member.bytes.readInt32BE(0);
      }
      return true;
    }
  }
}
