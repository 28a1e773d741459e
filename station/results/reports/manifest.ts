import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { z } from 'zod';
import type {
  CsvForm,
  ReportFormat,
  ReportSubjectKind,
  RunColumn,
  RunFilter,
} from '#shared/contract/index.ts';
import { parseJsonOrNull } from '#shared/codec/parse-json.ts';
import { visibleJsonText } from '#shared/codec/visible-text.ts';

export const MANIFEST_ENDING = '.manifest.json';
const SCHEMA = 'gongwei-report-manifest/1';

/** What was asked for, as data and in words. */
export interface ReportAbout {
  readonly kind: ReportSubjectKind;
  readonly words: string;
  readonly batchId: string | null;
  readonly batchName: string | null;
  readonly unit: string | null;
  /** Id of a run. */
  readonly run: string | null;
  readonly filter: Omit<RunFilter, 'time'> | null;
}

/** What stands beside a report in `NAME.manifest.json`. It has no time, so that the same request gives the same text. */
export interface ReportManifest {
  readonly schema: typeof SCHEMA;
  /** Name of the file, without its directory. */
  readonly file: string;
  readonly bytes: number;
  /** Of the file, 64 hexadecimal digits. */
  readonly sha256: string;
  /** Runs in the file. */
  readonly rows: number;
  readonly form: ReportFormat;
  readonly formVersion: number;
  readonly about: ReportAbout;
  /** The chosen columns with their names; `null` for a form that has all. */
  readonly columns: readonly { readonly column: RunColumn; readonly name: string }[] | null;
  readonly measurements: boolean;
  readonly csv: CsvForm | null;
  /** Hashes of the recipes and of the firmware of the runs, their stations and the versions of the program, sorted. */
  readonly recipes: readonly string[];
  readonly firmware: readonly string[];
  readonly stations: readonly string[];
  readonly appVersions: readonly string[];
  /** Version of the program that wrote the file; `null` when it was not said. */
  readonly writtenBy: string | null;
}

/** The path of the manifest of a report. */
export function manifestFileOf(file: string): string {
  return file + MANIFEST_ENDING;
}

/** The text of a manifest. Its last member is the SHA-256 of what stands before it, so that each change of it is found. */
export function formatManifest(manifest: Omit<ReportManifest, 'schema'>): string {
  const lines = JSON.stringify({ schema: SCHEMA, ...manifest }, null, 2).split('\n');
  const text = lines.map(visibleJsonText).join('\n');
  const head = `${text.slice(0, -'\n}'.length)},\n`;
  return `${head}  "manifestSha256": "${sha256Of(head)}"\n}\n`;
}

const texts = z.array(z.string());
/** Anybody can write a manifest with a right digest: what is used of it has its type. */
const shape = z.looseObject({
  schema: z.literal(SCHEMA),
  file: z.string(),
  bytes: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  rows: z.int().min(0),
  form: z.string(),
  stations: texts,
  recipes: texts,
  firmware: texts,
  appVersions: texts,
  manifestSha256: z.string(),
});

/** A manifest, or why a text is none. */
export type ReadManifest =
  | { readonly kind: 'whole'; readonly manifest: ReportManifest }
  | { readonly kind: 'unreadable' | 'changed' };

/** Reads the text of a manifest and finds each change of it. */
export function parseManifest(text: string): ReadManifest {
  const found = /^([^]*\n) {2}"manifestSha256": "([0-9a-f]{64})"\n\}\n$/.exec(text);
  if (found === null) return { kind: 'unreadable' };
  const [, head = '', digest = ''] = found;
  if (sha256Of(head) !== digest) return { kind: 'changed' };
  const parsed = parseJsonOrNull(text);
  if (!shape.safeParse(parsed).success) return { kind: 'unreadable' };
  const {
    schema: _,
    manifestSha256: __,
    ...manifest
  } = parsed as ReportManifest & {
    readonly manifestSha256: string;
  };
  // One content has one text: no doubled members, of which programs read different ones.
  if (formatManifest(manifest) !== text) return { kind: 'unreadable' };
  return { kind: 'whole', manifest: { schema: SCHEMA, ...manifest } };
}

/** True when the file still has the name under which it was written. */
export function isNamedAs(manifest: ReportManifest, file: string): boolean {
  return basename(file).normalize('NFC') === manifest.file.normalize('NFC');
}

function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
