/** Formats all files, or the given paths, with Prettier. */
import { runTool } from '../lib/tool.ts';

const paths = process.argv.slice(2);
const { status } = await runTool(
  'prettier',
  ['--write', '--log-level', 'warn', ...(paths.length > 0 ? paths : ['.'])],
  'live',
);
process.exit(status);
