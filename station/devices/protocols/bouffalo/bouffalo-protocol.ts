import { sha256Hex } from '#node-kit/crypto/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import {
  type FlashedImage,
  type FlashJob,
  type FlashProtocol,
  PortReader,
  PortSpeed,
  proveAgain,
  requireSeparate,
  TransferMeter,
} from '../flashing/index.ts';
import { ImageWriter } from './image-writer.ts';
import { IspLink } from './isp-link.ts';
import { enterBurnMode, startLoader } from './start-loader.ts';

/**
 * The ISP of the BL602, the chip of a JX-12F: the station loads the vendor's flash loader into the RAM of the chip, erases
 * and writes each image at its offset, and the chip proves it by SHA-256 over its flash.
 */
export function createBouffaloProtocol(): FlashProtocol {
  return {
    async flash(port, job, onProgress, signal) {
      checkImages(job);
      const { images, clock, trace } = job;
      const meter = new TransferMeter(
        images.reduce((sum, { bytes }) => sum + bytes.length, 0),
        onProgress,
      );
      meter.report('connecting', null);
      await using speed = new PortSpeed(port, job);
      using reader = new PortReader(port, clock);
      const link = new IspLink({ port, reader, clock, trace });
      await enterBurnMode(port, job, signal);
      await startLoader(link, speed, job, signal);
      const writer = new ImageWriter({ link, speed, clock, meter });
      const written: FlashedImage[] = [];
      for (const image of images) {
        const startedAtMs = clock.monotonicMs();
        const { skipped, kbitPerSecond } = await writer.write(image, signal);
        written.push({
          name: image.name,
          offset: image.offset,
          bytes: image.bytes.length,
          sha256: sha256Hex(image.bytes),
          skipped,
          verifiedBy: 'sha256',
          md5Before: null,
          ms: Math.round(clock.monotonicMs() - startedAtMs),
          kbitPerSecond,
        });
      }
      await proveAgain(images, written, (image) => writer.write(image, signal));
      const { baudRate } = speed;
      await writer.reset(signal);
      // At another speed than its own, what the firmware says is noise.
      if (baudRate === job.portBaudRate) reader.release();
      return { chip: 'BL602', chipId: null, baudRate, images: written };
    },
  };
}

function checkImages({ images, verify }: FlashJob): void {
  if (verify === 'read-back') {
    throw new Fault('bad-input', 'the flash of a BL602 is not read back', {
      hint: 'Leave out verify: read-back; the chip proves each image by its SHA-256.',
    });
  }
  requireSeparate(images);
}
