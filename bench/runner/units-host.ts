/**
 * Simulated units in a process of their own, their lines paced: `node units-host.ts COUNT BAUD FLOODING`. The one of
 * that number floods its port with as much as its line carries.
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
