/** Formats all files, or the given paths, with Oxfmt. */
import { answerHelp } from '../lib/step-args.ts';
import { runTool } from '../lib/tool.ts';

answerHelp(`npm run format [-- PATH…]
  Formats the named files and folders, or all, with Oxfmt.
`);
const paths = process.argv.slice(2);
const { status } = await runTool('oxfmt', paths.length > 0 ? paths : ['.'], 'live');
process.exit(status);
