/**
 * Simulated units with paced serial lines in a process of their own: `node units-host.ts COUNT BAUD FLOODING`. The unit
 * with the number FLOODING floods its port at the rate of its line.
 */
import { startSimulator } from '#simulator';

const [count = 1, baudRate = 115_200, flooding = 0] = process.argv.slice(2).map(Number);
await using simulator = await startSimulator({
  profile: 'at-module',
  count,
  baudRate,
  seed: 'bench',
  dialect: 'documented',
  faults: {
    units: flooding === 0 ? {} : { [flooding]: [{ fault: 'flood', bytesPerSecond: baudRate / 10 }] },
  },
});
process.stdout.write(`${JSON.stringify({ paths: simulator.fixtures.map(({ path }) => path) })}\n`);
await new Promise<void>((resolve) => void process.stdin.resume().once('end', resolve));
