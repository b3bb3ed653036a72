// The product on a temporary SQLite file, started as everybody starts it; for commands that need one and no test.
import {spawn} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

const RUN = fileURLToPath(new URL('../../../../server-config/run', import.meta.url));
const PATIENCE_MS = 600_000; // it may have to be built

const freePort = () => new Promise(resolve => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const {port} = server.address();
    server.close(() => resolve(port));
  });
});

/** Starts a server on an empty history and names it to `server.mjs`, which is to be imported afterwards. */
export async function ownServer() {
  const folder = mkdtempSync(path.join(tmpdir(), 'tarsy-console-'));
  const port = await freePort();
  const given = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(HISTORY|DATABASE|POSTGRES)_/.test(name)));
  const server = spawn('bash', [RUN, 'payara'], {
    cwd: folder, stdio: ['ignore', 'ignore', 'inherit'],
    env: {...given, PORT: String(port), HISTORY_DATABASE_URL: 'sqlite:///history.db'},
  });
  const ended = new Promise(resolve => server.once('exit', resolve));
  const close = async () => {
    server.kill('SIGTERM');
    await ended;
    rmSync(folder, {recursive: true, force: true});
  };
  const root = `http://127.0.0.1:${port}/`;
  process.env.CONSOLE_URL = root;
  const end = Date.now() + PATIENCE_MS;
  while (server.exitCode === null && Date.now() < end) {
    const ready = await fetch(`${root}health/ready`).then(answer => answer.ok, () => false);
    if (ready) return {root, close};
    await new Promise(resolve => setTimeout(resolve, 300));
  }
  await close();
  throw new Error('the server did not become ready; its last lines are above');
}
