/** Formats all files, or the given paths, with Oxfmt. */
import { runTool } from '../lib/tool.ts';

const paths = process.argv.slice(2);
const { status } = await runTool('oxfmt', paths.length > 0 ? paths : ['.'], 'live');
process.exit(status);
