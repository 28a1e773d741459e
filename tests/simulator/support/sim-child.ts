/** Runs `runSimUnits` as a process of its own: `node sim-child.ts '{"profile":"at-module","count":1}'`. */
import { runSimUnits } from '#simulator';

const options = JSON.parse(process.argv[2] ?? '{}');
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
await runSimUnits(options, { stdin: process.stdin, stdout: process.stdout }, stop.signal);
