import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { sha256Hex } from '#shared/domain/firmware.ts';
import { REGISTRY_PATH, type StationReportReply, stationReportRequest } from '#shared/registry-api/index.ts';
import type { ReportStore } from '../reports/index.ts';
import { readInput } from './errors.ts';
import { readChunk } from './read-chunk.ts';
import { stationOf } from './require-station.ts';

const reportParams = z.object({ reportId: sha256Hex });

/** Reports that stations send: announce, then upload in chunks. */
export function addStationReportRoutes(app: FastifyInstance, reports: ReportStore): void {
  app.post(REGISTRY_PATH.stationReports, (request): Promise<StationReportReply> =>
    reports.begin(readInput(stationReportRequest, request.body), stationOf(request)),
  );
  app.put(REGISTRY_PATH.stationReport, (request): Promise<StationReportReply> => {
    const { reportId } = readInput(reportParams, request.params);
    return reports.append(reportId, readChunk(request), stationOf(request));
  });
}
