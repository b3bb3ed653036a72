// `make console-test`: the tests of the console alone, on Payara and SQLite. SPECS names some of those in specs/, and the
// functions are tested with all of them.
import {spawnSync} from 'node:child_process';
import {readdirSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {ownServer} from './support/own-server.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const specs = process.env.SPECS;
const units = specs ? [] : readdirSync(`${here}unit`).filter(name => name.endsWith('.test.mjs')).map(name => `unit/${name}`);
const {close} = await ownServer();
const {status} = spawnSync('node', ['--test', '--test-concurrency=1', '--test-reporter=spec', ...units, 'browser.test.mjs'], {
  cwd: here, stdio: 'inherit', env: {...process.env, ...specs ? {CONSOLE_SPECS: specs} : {}},
});
await close();
process.exit(status ?? 1);
