import { join } from 'node:path';

/**
 * The variable that names the Node for the scripts of recipes. The packaged program contains a Node, because its fuse `runAsNode`
 * is off. A program that is run from its sources, or by `gongwei start`, which sets the variable itself, needs none.
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
