import { describe, expect, it } from 'vitest';
import { droppedFiles } from '../../renderer/src/features/firmware/files-of-drop.ts';

type Tree = { readonly [name: string]: Tree | null };

/** The entries of a drop as a browser returns them; folders are read in several parts. */
function dropOf(tree: Tree): DataTransfer {
  const entryOf = (name: string, inside: Tree | null): FileSystemEntry => {
    if (inside === null) {
      const file = (done: (file: File) => void): void => done(new File(['x'], name));
      return { isFile: true, isDirectory: false, name, file } as unknown as FileSystemEntry;
    }
    const createReader = () => {
      const left = Object.entries(inside).map(([inner, of]) => entryOf(inner, of));
      return { readEntries: (done: (some: FileSystemEntry[]) => void) => done(left.splice(0, 2)) };
    };
    return { isFile: false, isDirectory: true, name, createReader } as unknown as FileSystemEntry;
  };
  const entries = Object.entries(tree).map(([name, inside]) => entryOf(name, inside));
  return {
    items: entries.map((entry) => ({ webkitGetAsEntry: () => entry })),
    files: Object.keys(tree).map((name) => new File(['x'], name)),
  } as unknown as DataTransfer;
}
const namesOf = async (tree: Tree): Promise<string[]> =>
  (await droppedFiles(dropOf(tree))).map(({ name }) => name);

describe('a folder that is dropped as a package', () => {
  it('is its firmware, its ota_cfg.json and its documents, at any depth', async () => {
    const tree = {
      'JX-12F': {
        'readme.txt': null,
        out: { 'burn.bin': null, 'fw.bin.ota': null, 'ota_cfg.json': null },
        doc: { 'jx_iot_protocol.docx': null, '._readme.txt': null },
      },
    };
    expect(await namesOf(tree)).toEqual([
      'fw.bin.ota',
      'ota_cfg.json',
      'readme.txt',
      // A step may flash it beside the firmware.
      'burn.bin',
      'jx_iot_protocol.docx',
    ]);
  });

  it('is sent as it is without any part of a package, and cut off where it cannot be one', async () => {
    expect(await namesOf({ photos: { 'a.png': null, 'b.raw': null } })).toEqual(['a.png', 'b.raw']);
    const many = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`note${at}.txt`, null]));
    const names = await namesOf({ pkg: { ...many, 'fw.bin.ota': null } });
    expect(names).toHaveLength(16);
    expect(names[0]).toBe('fw.bin.ota');
  });

  it('is no folder: every file counts', async () => {
    expect(await namesOf({ 'pkg.rar': null, 'x.exe': null })).toEqual(['pkg.rar', 'x.exe']);
  });
});
