import { z } from 'zod';
import { portableFileName } from '#node-kit/files/index.ts';
import type { SystemKind } from '#node-kit/host-system/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { isVersion } from '#shared/domain/version.ts';
import { readYamlData } from '../../core/yaml/index.ts';

/** The longest notes that are shown. */
const MAX_NOTES = 4_000;
const SHA512_BYTES = 64;

const sha512 = z.string().refine((text) => Buffer.from(text, 'base64').length === SHA512_BYTES);
/**
 * A name without folders, because an installer is beside its description; one that every file system takes, and that a page
 * shows as it is.
 */
const fileName = z
  .string()
  .min(1)
  .max(255)
  .refine((name) => name === portableFileName(name) && !name.startsWith('.') && !/\p{Cf}/u.test(name));
const feed = z.object({
  version: z.string().refine(isVersion),
  files: z
    .array(z.object({ url: fileName, sha512, size: z.int().positive().optional() }))
    .min(1)
    .max(50),
  releaseDate: z.union([z.string(), z.date()]).optional(),
  releaseNotes: z.unknown().optional(),
});
export type FeedFile = z.infer<typeof feed>['files'][number];

/** What a source offers, for all computers of an operating system. */
export interface Feed {
  readonly version: string;
  readonly files: readonly FeedFile[];
  readonly releasedAtMs: number | null;
  readonly notes: string | null;
}

/** The computer that an installer is for. */
export interface InstallTarget {
  readonly kind: SystemKind;
  /** As `process.arch`. */
  readonly arch: string;
  /** The program runs from an AppImage, which is replaced by another one. */
  readonly isAppImage: boolean;
}

/**
 * The description that electron-builder writes beside installers (its option `publish`, with any provider of files):
 * `latest.yml` for Windows, `latest-mac.yml`, `latest-linux.yml`, on other processors of Linux `latest-linux-arm64.yml`.
 */
export function feedName({ kind, arch }: InstallTarget): string {
  if (kind === 'windows') return 'latest.yml';
  if (kind === 'macos') return 'latest-mac.yml';
  return arch === 'x64' ? 'latest-linux.yml' : `latest-linux-${arch === 'arm' ? 'arm' : arch}.yml`;
}

/** Faults: `update-invalid` for a text that is no such description. */
export function parseFeed(text: string, name: string): Feed {
  const parsed = feed.safeParse(readYamlData(text));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Fault(
      'update-invalid',
      `${name} is not the description of an update: ${issue?.path.join('.') ?? ''}`,
      {
        hint: 'Copy it unchanged from the folder in which the installers were made.',
        details: { file: name },
      },
    );
  }
  const { version, files, releaseDate, releaseNotes } = parsed.data;
  const released = releaseDate === undefined ? Number.NaN : new Date(releaseDate).getTime();
  return {
    version,
    files,
    releasedAtMs: Number.isNaN(released) || released < 0 ? null : released,
    notes: notesOf(releaseNotes),
  };
}

/** One text, or a list of `{ version, note }`. */
function notesOf(notes: unknown): string | null {
  const list = z.array(z.object({ version: z.string(), note: z.string().nullable() })).safeParse(notes);
  const text = list.success
    ? list.data.map(({ version, note }) => `${version}\n${note ?? ''}`).join('\n\n')
    : typeof notes === 'string'
      ? notes
      : '';
  const plain = text.trim();
  return plain === '' ? null : plain.slice(0, MAX_NOTES);
}

const X64 = ['x64', 'x86_64', 'amd64'];
const OF_ARCHITECTURES: Readonly<Record<string, readonly string[]>> = {
  x64: X64,
  arm64: ['arm64', 'aarch64'],
  ia32: ['ia32', 'i386'],
  arm: ['armv7l', 'armhf'],
};
const ALL_ARCHITECTURES = Object.values(OF_ARCHITECTURES).flat();

/** The installer for a computer; `null` when there is none. A name without a processor is for x64, or for all. */
export function chooseInstaller({ files }: Feed, { kind, arch, isAppImage }: InstallTarget): FeedFile | null {
  const endings =
    kind === 'windows'
      ? ['.exe']
      : kind === 'macos'
        ? ['.dmg']
        : isAppImage
          ? ['.appimage']
          : ['.deb', '.appimage'];
  const named = (name: string, words: readonly string[]): boolean =>
    words.some((word) => name.toLowerCase().includes(word));
  for (const ending of endings) {
    const ofSystem = files.filter(({ url }) => url.toLowerCase().endsWith(ending));
    const exact = ofSystem.find(({ url }) => named(url, OF_ARCHITECTURES[arch] ?? [arch]));
    const unnamed = ofSystem.find(({ url }) => !named(url, ALL_ARCHITECTURES));
    const isForAll = arch === 'x64' || kind === 'windows';
    const found = exact ?? (isForAll ? unnamed : undefined);
    if (found !== undefined) return found;
  }
  return null;
}
