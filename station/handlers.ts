/** The handlers of the whole contract; each feature defines its own. */
import type { StationContract } from '#shared/contract/index.ts';
import type { Handlers } from '#shared/rpc/index.ts';
import { stationHandlers } from './administration/handlers.ts';
import { backupHandlers } from './administration/backups/index.ts';
import { doctorHandlers } from './administration/diagnostics/index.ts';
import { storageHandlers } from './administration/storage/index.ts';
import { trailHandlers } from './administration/trail/index.ts';
import { portHandlers } from './administration/ports/index.ts';
import { setupHandlers } from './administration/setup/index.ts';
import { updateHandlers } from './administration/updates/index.ts';
import { sessionHandlers, userHandlers } from './administration/users/index.ts';
import { settingsHandlers } from './administration/settings/index.ts';
import { batchHandlers } from './execution/batches/index.ts';
import { documentHandlers } from './execution/documents/index.ts';
import { dryRunHandlers } from './execution/dry-run/index.ts';
import { networkHandlers } from './execution/networks/index.ts';
import { quotaHandlers } from './execution/quotas/index.ts';
import { recipeHandlers } from './execution/recipe-library/index.ts';
import { recordingHandlers } from './execution/replay/index.ts';
import { slotHandlers } from './execution/slots/index.ts';
import { wifiCodeHandlers } from './execution/wifi-codes/index.ts';
import { toolHandlers } from './execution/tools/index.ts';
import { instrumentHandlers } from './devices/instruments/index.ts';
import { firmwareHandlers } from './firmware/index.ts';
import { identityHandlers } from './identity/index.ts';
import { syncHandlers } from './registry-sync/index.ts';
import { attachmentHandlers } from './results/attachments/index.ts';
import { codeHandlers, labelTemplateHandlers } from './results/labels/index.ts';
import { labelHandlers, printerHandlers } from './results/printing/index.ts';
import { foreignRunHandlers } from './results/foreign-runs/index.ts';
import { reportHandlers } from './results/reports/index.ts';
import { scheduledReportHandlers } from './results/scheduled-reports/index.ts';
import { runHandlers } from './results/runs/index.ts';
import { yieldHandlers } from './results/yield/index.ts';
import { nearbyHandlers, returnHandlers } from './returns/index.ts';

/** The services of all handlers. */
type Services = Parameters<typeof stationHandlers>[0] &
  Parameters<typeof settingsHandlers>[0] &
  Parameters<typeof portHandlers>[0] &
  Parameters<typeof printerHandlers>[0] &
  Parameters<typeof labelHandlers>[0] &
  Parameters<typeof instrumentHandlers>[0] &
  Parameters<typeof networkHandlers>[0] &
  Parameters<typeof quotaHandlers>[0] &
  Parameters<typeof wifiCodeHandlers>[0] &
  Parameters<typeof doctorHandlers>[0] &
  Parameters<typeof backupHandlers>[0] &
  Parameters<typeof storageHandlers>[0] &
  Parameters<typeof trailHandlers>[0] &
  Parameters<typeof updateHandlers>[0] &
  Parameters<typeof sessionHandlers>[0] &
  Parameters<typeof setupHandlers>[0] &
  Parameters<typeof userHandlers>[0] &
  Parameters<typeof batchHandlers>[0] &
  Parameters<typeof documentHandlers>[0] &
  Parameters<typeof recipeHandlers>[0] &
  Parameters<typeof dryRunHandlers>[0] &
  Parameters<typeof slotHandlers>[0] &
  Parameters<typeof attachmentHandlers>[0] &
  Parameters<typeof toolHandlers>[0] &
  Parameters<typeof firmwareHandlers>[0] &
  Parameters<typeof identityHandlers>[0] &
  Parameters<typeof syncHandlers>[0] &
  Parameters<typeof codeHandlers>[0] &
  Parameters<typeof labelTemplateHandlers>[0] &
  Parameters<typeof reportHandlers>[0] &
  Parameters<typeof foreignRunHandlers>[0] &
  Parameters<typeof scheduledReportHandlers>[0] &
  Parameters<typeof runHandlers>[0] &
  Parameters<typeof recordingHandlers>[0] &
  Parameters<typeof yieldHandlers>[0] &
  Parameters<typeof nearbyHandlers>[0] &
  Parameters<typeof returnHandlers>[0];

export function createHandlers(services: Services): Handlers<StationContract> {
  return {
    ...stationHandlers(services),
    ...settingsHandlers(services),
    ...portHandlers(services),
    ...printerHandlers(services),
    ...labelHandlers(services),
    ...instrumentHandlers(services),
    ...networkHandlers(services),
    ...quotaHandlers(services),
    ...wifiCodeHandlers(services),
    ...doctorHandlers(services),
    ...backupHandlers(services),
    ...storageHandlers(services),
    ...trailHandlers(services),
    ...updateHandlers(services),
    ...sessionHandlers(services),
    ...setupHandlers(services),
    ...userHandlers(services),
    ...batchHandlers(services),
    ...documentHandlers(services),
    ...recipeHandlers(services),
    ...dryRunHandlers(services),
    ...slotHandlers(services),
    ...attachmentHandlers(services),
    ...toolHandlers(services),
    ...firmwareHandlers(services),
    ...identityHandlers(services),
    ...syncHandlers(services),
    ...codeHandlers(services),
    ...labelTemplateHandlers(services),
    ...reportHandlers(services),
    ...foreignRunHandlers(services),
    ...scheduledReportHandlers(services),
    ...runHandlers(services),
    ...recordingHandlers(services),
    ...yieldHandlers(services),
    ...nearbyHandlers(services),
    ...returnHandlers(services),
  };
}
