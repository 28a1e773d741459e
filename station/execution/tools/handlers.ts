import type { SectionHandlers } from '#shared/contract/index.ts';
import type { Tools } from './tools.ts';

export function toolHandlers({ tools }: { readonly tools: Tools }): SectionHandlers<'tools'> {
  return {
    'tools.list': () => ({ tools: [...tools.all()] }),
    'tools.add': async ({ name, path }, { by }) => {
      await tools.add(name, path, by);
      return { tools: [...tools.all()] };
    },
    'tools.remove': ({ name }, { by }) => {
      tools.remove(name, by);
      return { tools: [...tools.all()] };
    },
  };
}
