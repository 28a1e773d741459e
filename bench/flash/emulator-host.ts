/**
 * Simulated chips in a process of their own, so that the benchmark's CPU time is that of the station. The arguments are the
 * profile, the number of chips, and the pace of their lines in bit/s (0: none). Erases and writes of the flash take no time.
 */
import { startSimulator } from '#simulator';

const [profile = 'esp32c3', count = '1', baudRate = '0'] = process.argv.slice(2);
const simulator = await startSimulator({
  profile,
  count: Number(count),
  seed: 'bench',
  flashTimes: { sectorEraseMs: 0, blockEraseMs: 0, pageProgramMs: 0 },
  ...(Number(baudRate) > 0 ? { baudRate: Number(baudRate) } : {}),
});
const chips = simulator.fixtures.map(({ slot, path }) => ({
  path,
  flash: simulator.units[slot - 1]?.flash ?? '',
}));
process.stdout.write(`${JSON.stringify(chips)}\n`);
process.stdin.resume().once('end', () => void simulator.close());
