import { unroll } from '#shared/recipe/index.ts';
import { readYaml } from '../../core/yaml/index.ts';

/** The plain data of a text with its loops unrolled, which may be no recipe; `null` for a text that is no YAML. */
export function writtenRecipe(source: string): unknown {
  const { document } = readYaml(source);
  return document === null ? null : unroll(document.toJS()).value;
}
