import { join } from 'node:path';

/**
 * Tells the core which Node runs the scripts of recipes. The packaged program cannot be that Node (its fuse `runAsNode`
 * is off, so that nobody else can use it as one either); it brings Node along. One that is run from its sources, or by
 * `gongwei start`, which names the Node that it runs under, needs nothing from here.
 *
 * @param resources folder beside the packaged program, or `null` when it is not packaged
 */
export function scriptRuntime(
  resources: string | null,
  platform: NodeJS.Platform,
): Readonly<Record<string, string>> {
  if (resources === null) return {};
  return { GONGWEI_NODE: join(resources, 'node', platform === 'win32' ? 'node.exe' : 'node') };
}
