import { sha256Hex } from '#node-kit/crypto/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import {
  type FlashImage,
  type FlashJob,
  type FlashProtocol,
  kbitPerSecond,
  PortReader,
  PortSpeed,
  TransferMeter,
} from '../flashing/index.ts';
import { sendXmodem } from './send-xmodem.ts';

/** A unit asks only after it was switched on; a person may have to do that. */
const START_TIMEOUT_MS = 60_000;

/**
 * XMODEM-1K with CRC, as the US516P6 of an SU-03T receives its firmware after power-on. The unit checks each block and
 * acknowledges it; its flash cannot be read, so that `acknowledged` is all that a success says.
 */
export function createXmodemProtocol(chip: string): FlashProtocol {
  return {
    async flash(port, job, onProgress, signal) {
      const image = onlyImage(job);
      const { clock, trace } = job;
      const meter = new TransferMeter(image.bytes.length, onProgress);
      meter.report('connecting', null);
      await using speed = new PortSpeed(port, job);
      await speed.set(job.baudRate);
      using reader = new PortReader(port, clock);
      let [startedAtMs, sentBytes] = [clock.monotonicMs(), 0];
      const nowMs = (): number => clock.monotonicMs();
      const onSent = (bytes: number): void => {
        // The first block includes the time in which the unit waits for power and erases its flash.
        if (sentBytes > 0) meter.count(bytes - sentBytes, nowMs() - startedAtMs);
        startedAtMs = nowMs();
        sentBytes = bytes;
        meter.report('writing', image.name, bytes);
      };
      const transferredAtMs = nowMs();
      await sendXmodem(
        {
          port,
          reader,
          bytes: image.bytes,
          tail: 'long',
          startTimeoutMs: START_TIMEOUT_MS,
          nowMs,
          trace,
          onSent,
        },
        signal,
      );
      const ms = Math.round(nowMs() - transferredAtMs);
      // At another speed than its own, what the firmware says is noise.
      if (speed.baudRate === job.portBaudRate) reader.release();
      return {
        chip,
        chipId: null,
        baudRate: speed.baudRate,
        images: [
          {
            name: image.name,
            offset: 0,
            bytes: image.bytes.length,
            sha256: sha256Hex(image.bytes),
            skipped: false,
            verifiedBy: 'acknowledged',
            md5Before: null,
            ms,
            kbitPerSecond: meter.kbitPerSecond ?? kbitPerSecond(image.bytes.length, ms),
          },
        ],
      };
    },
  };
}

function onlyImage({ images, verify }: FlashJob): FlashImage {
  const [image] = images;
  if (image === undefined || images.length > 1 || image.offset !== 0) {
    throw new Fault(
      'bad-input',
      `XMODEM sends one file and no addresses, and the step has ${images.length}`,
      {
        hint: 'Name one image, without offset: the file that ends in _update.bin.',
      },
    );
  }
  if (image.bytes.length === 0) throw new Fault('file-empty', `${image.name} is empty`);
  if (verify === 'auto') return image;
  throw new Fault('bad-input', 'the flash of this unit cannot be read back over XMODEM', {
    hint: 'Leave out verify: read-back; ask the unit for its version after the step instead.',
  });
}
