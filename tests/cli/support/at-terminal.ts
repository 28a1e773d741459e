import { execFileSync } from 'node:child_process';

const LONGEST_MS = 30_000;

/** Runs a command as a person at a real terminal, who answers each question that ends with a colon. */
export function atTerminal(
  args: readonly string[],
  answers: readonly string[],
): { readonly status: number; readonly screen: string } {
  const printed = execFileSync('python3', ['-c', TYPIST, JSON.stringify({ args, answers })], {
    encoding: 'utf8',
    timeout: LONGEST_MS,
  });
  return JSON.parse(printed) as { status: number; screen: string };
}

/** On a terminal of Python's making (pty). */
const TYPIST = `import json,os,pty,sys
task=json.loads(sys.argv[1]); pid,fd=pty.fork()
if pid==0: os.execv(task['args'][0],task['args'])
screen=''; asked=0
while True:
    try: chunk=os.read(fd,4096)
    except OSError: break
    if not chunk: break
    screen+=chunk.decode()
    while screen.count(': ')>asked and asked<len(task['answers']):
        os.write(fd,task['answers'][asked].encode()); asked+=1
status=os.waitstatus_to_exitcode(os.waitpid(pid,0)[1])
print(json.dumps({'status':status,'screen':screen}))`;
