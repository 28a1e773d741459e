import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

interface Builder {
  createUpdateInfoTasks(event: object, publish: readonly object[]): Promise<object[]>;
  writeUpdateInfoFiles(tasks: object[], packager: object): Promise<void>;
}
interface BuilderModule {
  readonly Platform: Readonly<Record<'WINDOWS' | 'MAC' | 'LINUX', object>>;
  readonly Arch: Readonly<Record<'x64' | 'arm64', number>>;
}

const ofElectronBuilder = createRequire(createRequire(import.meta.url).resolve('electron-builder'));

export interface Published {
  readonly system: 'WINDOWS' | 'MAC' | 'LINUX';
  readonly arch?: 'x64' | 'arm64';
  readonly version: string;
  /** Installers by their names. */
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** Whether electron-builder writes the sizes, as it does for installers with a block map. */
  readonly withSizes?: boolean;
  readonly notes?: string;
}

/** Writes installers and their description into a folder, the description by electron-builder's own code. */
export async function publish(
  dir: string,
  { system, arch = 'x64', version, files, withSizes = true, notes }: Published,
): Promise<void> {
  const builder = ofElectronBuilder('app-builder-lib/out/publish/updateInfoBuilder') as Builder;
  const { hashFile } = ofElectronBuilder('app-builder-lib/out/util/hash') as {
    hashFile(file: string): Promise<string>;
  };
  const { Platform, Arch } = ofElectronBuilder('app-builder-lib') as BuilderModule;
  mkdirSync(dir, { recursive: true });
  const packager = {
    platform: Platform[system],
    appInfo: { version },
    config: { electronUpdaterCompatibility: '>=2.16' },
    platformSpecificBuildOptions: notes === undefined ? {} : { releaseInfo: { releaseNotes: notes } },
    metadata: {},
    info: { metadata: {} },
    getResource: () => Promise.resolve(null),
    emitArtifactCreated: () => Promise.resolve(),
  };
  const tasks: object[] = [];
  for (const [name, bytes] of Object.entries(files)) {
    const file = join(dir, name);
    writeFileSync(file, bytes);
    const updateInfo = withSizes ? { size: bytes.length, sha512: await hashFile(file) } : null;
    const event = {
      file,
      arch: Arch[arch],
      packager,
      target: { outDir: dir },
      safeArtifactName: null,
      updateInfo,
    };
    tasks.push(
      ...(await builder.createUpdateInfoTasks(event, [
        { provider: 'generic', url: 'https://example.invalid' },
      ])),
    );
  }
  await builder.writeUpdateInfoFiles(tasks, packager);
}
