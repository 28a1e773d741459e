import type { ToolView } from '#shared/contract/index.ts';
import type { Answers } from '../mock-station.ts';

const tool = (name: string, path: string): ToolView => ({
  name,
  path,
  sha256: '9f86d081884c'.padEnd(64, '7'),
});

/** A station with two programs of other vendors. */
export function toolAnswers(): Answers {
  let tools = [tool('esptool', '/opt/esptool/esptool'), tool('openocd', '/usr/bin/openocd')];
  return {
    'tools.list': () => ({ tools }),
    'tools.add': ({ name, path }) => {
      tools = [...tools.filter((one) => one.name !== name), tool(name, path)];
      return { tools };
    },
    'tools.remove': ({ name }) => {
      tools = tools.filter((one) => one.name !== name);
      return { tools };
    },
  };
}
