import type { SectionHandlers, StorageUsage } from '#shared/contract/index.ts';
import { approverCredentialsOf } from '../../core/approval/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import type { Archive } from '../../execution/recording/index.ts';
import type { Slots } from '../../execution/slots/index.ts';
import type { ClockTrust } from '../clock-trust/index.ts';
import { freeBytes } from '../health/index.ts';
import { requireIdle } from '../reopening/index.ts';
import type { AttachmentRetention } from './attachment-retention.ts';
import { measureStorage } from './measure-storage.ts';

export function storageHandlers({
  archive,
  attachmentRetention,
  clockTrust,
  platform,
  slots,
}: {
  readonly attachmentRetention: AttachmentRetention;
  readonly archive: Archive;
  readonly clockTrust: ClockTrust;
  readonly platform: Platform;
  readonly slots: Slots;
}): SectionHandlers<'storage'> {
  async function usage(signal: AbortSignal): Promise<StorageUsage> {
    const { dataDir } = platform.paths;
    const { oldestAtMs, expired } = await archive.preview();
    clockTrust.update();
    return {
      freeBytes: freeBytes(dataDir),
      kinds: await measureStorage(dataDir, signal),
      oldestRecordingAtMs: oldestAtMs,
      expired: { files: expired.length, bytes: expired.reduce((sum, { bytes }) => sum + bytes, 0) },
      attachments: attachmentUsage(),
      clock: {
        nowMs: platform.clock.nowMs(),
        doubt: clockTrust.doubt,
      },
    };
  }

  function attachmentUsage(): StorageUsage['attachments'] {
    const { files, bytes } = attachmentRetention.preview();
    return { maxAgeDays: attachmentRetention.maxAgeDays, expired: { files, bytes } };
  }

  return {
    'storage.keepAttachments': ({ maxAgeDays }, { by, signal }) => {
      attachmentRetention.setMaxAge(maxAgeDays, by);
      return usage(signal);
    },
    'storage.usage': (_, { signal }) => usage(signal),
    'storage.tidy': async (_, { by, signal }) => {
      requireIdle(slots);
      const { removed, bytes } = await archive.tidy();
      const attached = await attachmentRetention.sweep(by, signal);
      return {
        removed: removed + attached.removed,
        bytes: bytes + attached.bytes,
        usage: await usage(signal),
      };
    },
    'storage.confirmClock': async (justification, { by, session, signal }) => {
      await clockTrust.confirm({ ...approverCredentialsOf(justification, session), by }, signal);
      return usage(signal);
    },
  };
}
