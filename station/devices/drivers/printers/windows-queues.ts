import { z } from 'zod';
import { runTool, type ToolRun } from '#node-kit/process/index.ts';
import type { HostPrinter, QueueState } from '../../../core/platform/index.ts';
import { queueMissing } from './queue-missing.ts';

const queue = z.object({
  Name: z.string(),
  DriverName: z.string().nullish(),
  Status: z.string(),
  Jobs: z.int(),
});
const queueList = z.array(queue);

/** Names come through the environment, so that no name is ever part of a script. */
const NAME_VARIABLE = 'GONGWEI_PRINT_QUEUE';
/** `@(…)`: one printer is a list, too. The status is written as its names, such as `Paused, Offline`. */
const LIST_SCRIPT = `[Console]::OutputEncoding = [Text.Encoding]::UTF8
$all = @(Get-Printer | ForEach-Object { [pscustomobject]@{ Name = $_.Name; DriverName = $_.DriverName; Status = [string]$_.PrinterStatus; Jobs = [int]$_.JobCount } })
ConvertTo-Json -Compress -InputObject $all`;

/** Writes the bytes of standard input to the queue as a job of type RAW (winspool OpenPrinter, StartDocPrinter, WritePrinter). */
const PRINT_SCRIPT = `$ErrorActionPreference = 'Stop'
Add-Type -TypeDefinition @'
using System; using System.IO; using System.Runtime.InteropServices;
public static class RawJob {
  [StructLayout(LayoutKind.Sequential, CharSet = CharSet.Unicode)] public class DocInfo { public string Name; public string OutputFile; public string DataType; }
  [DllImport("winspool.drv", CharSet = CharSet.Unicode, SetLastError = true)] static extern bool OpenPrinterW(string name, out IntPtr printer, IntPtr defaults);
  [DllImport("winspool.drv", SetLastError = true)] static extern bool ClosePrinter(IntPtr printer);
  [DllImport("winspool.drv", CharSet = CharSet.Unicode, SetLastError = true)] static extern int StartDocPrinterW(IntPtr printer, int level, [In] DocInfo info);
  [DllImport("winspool.drv", SetLastError = true)] static extern bool EndDocPrinter(IntPtr printer);
  [DllImport("winspool.drv", SetLastError = true)] static extern bool StartPagePrinter(IntPtr printer);
  [DllImport("winspool.drv", SetLastError = true)] static extern bool EndPagePrinter(IntPtr printer);
  [DllImport("winspool.drv", SetLastError = true)] static extern bool WritePrinter(IntPtr printer, byte[] bytes, int count, out int written);
  static void Check(bool done) { if (!done) throw new System.ComponentModel.Win32Exception(); }
  public static void Send(string queue, byte[] bytes) {
    IntPtr printer; Check(OpenPrinterW(queue, out printer, IntPtr.Zero));
    try {
      Check(StartDocPrinterW(printer, 1, new DocInfo { Name = "Gongwei label", DataType = "RAW" }) != 0);
      Check(StartPagePrinter(printer));
      int written; Check(WritePrinter(printer, bytes, bytes.Length, out written)); Check(written == bytes.Length);
      Check(EndPagePrinter(printer)); Check(EndDocPrinter(printer));
    } finally { ClosePrinter(printer); }
  }
}
'@
$in = [Console]::OpenStandardInput(); $all = New-Object IO.MemoryStream; $in.CopyTo($all)
[RawJob]::Send($env:${NAME_VARIABLE}, $all.ToArray())`;

function powershell(
  script: string,
  signal: AbortSignal,
  more: { input?: Uint8Array; queue?: string } = {},
): Promise<ToolRun> {
  const encoded = Buffer.from(script, 'utf16le').toString('base64');
  const args = ['-NoProfile', '-NonInteractive', '-EncodedCommand', encoded];
  const env = more.queue === undefined ? {} : { [NAME_VARIABLE]: more.queue };
  return runTool('powershell.exe', args, {
    signal,
    env,
    ...(more.input === undefined ? {} : { input: more.input }),
  });
}

/** The queues of Windows (`Get-Printer`). */
export async function listWindowsQueues(signal: AbortSignal): Promise<readonly HostPrinter[]> {
  const { stdout } = await powershell(LIST_SCRIPT, signal);
  return readWindowsQueues(stdout).map(({ Name, DriverName }) => ({
    kind: 'queue',
    name: Name,
    title: DriverName ?? null,
  }));
}

/** Reads the JSON of the list; none when it is no such list. */
export function readWindowsQueues(text: string): z.infer<typeof queueList> {
  try {
    return queueList.safeParse(JSON.parse(text)).data ?? [];
  } catch {
    return [];
  }
}

/** Names of the states in which a queue prints, or will by itself. */
const WORKING = new Set([
  'Normal',
  'Printing',
  'Processing',
  'Busy',
  'IOActive',
  'Waiting',
  'Initializing',
  'WarmingUp',
  'PowerSave',
  'TonerLow',
]);

/** Faults: `printer-unreachable`. */
export async function windowsQueueState(name: string, signal: AbortSignal): Promise<QueueState> {
  const { stdout, stderr } = await powershell(LIST_SCRIPT, signal);
  const found = readWindowsQueues(stdout).find(({ Name }) => Name === name);
  if (found === undefined) throw queueMissing(name, stderr);
  const stopped = found.Status.split(',')
    .map((one) => one.trim())
    .filter((one) => !WORKING.has(one));
  return { isWorking: stopped.length === 0, reason: stopped.join(', ') || null, waiting: found.Jobs };
}

/** Faults: `printer-unreachable`. */
export async function printOnWindows(name: string, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
  const { status, stderr } = await powershell(PRINT_SCRIPT, signal, { input: bytes, queue: name });
  if (status !== 0) throw queueMissing(name, stderr);
}
