// Brings the libraries of vendor.lock.json here from the npm registry, or with --check tells whether the files are
// still what the lock file says. A new version: change it in the lock file, run `node refresh.mjs`, look at the diff.
// Nothing of this runs in the build or reaches the WAR.
import {execFileSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const lockFile = path.join(here, 'vendor.lock.json');
const lock = JSON.parse(readFileSync(lockFile, 'utf8'));
const sha256 = data => createHash('sha256').update(data).digest('hex');
const OWN = new Set(['refresh.mjs', 'vendor.lock.json']);

/** `{a as b, c}` of an import or export as `[[a, b], [c, c]]`. */
const names = list => list.split(',').map(one => one.trim().split(/\s+as\s+/)).map(([a, b]) => [a, b ?? a]);

/** A published module as a function that is called with the modules it imports and returns what it exports. */
function asFunction(text) {
  const body = text
    .replace(/import\s*\{([^}]*)\}\s*from\s*"(\w+)";?/g, (all, list, from) =>
      `const {${names(list).map(([a, b]) => `${a}: ${b}`).join(', ')}} = ${from};`)
    .replace(/export\s*\{([^}]*)\};?/, (all, list) =>
      `return {${names(list).map(([a, b]) => `${b}: ${a}`).join(', ')}};`)
    .replace(/export default /, 'return ');
  return `(() => {\n${body.trim()}\n})()`;
}

const exported = text => names(text.match(/export\s*\{([^}]*)\}/)[1]).map(([, b]) => b);

/** What makes published files one that a browser can import without a bundler; their code itself stays as it is. */
const forms = {
  'as-is': ([text]) => text,
  'global': ([text], file) => `${text}\nexport default ${file.global};\n`,
  'commonjs': ([text]) =>
    `const module = {exports: {}};\nlet exports = module.exports;\n${text}\nexport default module.exports;\n`,
  // three files that every page needs, in one request
  'joined': ([preact, hooks, htm]) => `const preact = ${asFunction(preact)};
const hooks = ${asFunction(hooks)};
const htm = ${asFunction(htm)};
export const {${exported(preact).join(', ')}} = preact;
export const {${exported(hooks).join(', ')}} = hooks;
export const html = htm.bind(preact.h);
`,
};

if (process.argv.includes('--check')) {
  const files = lock.libraries.flatMap(library => library.files);
  const known = new Set(files.map(file => file.name));
  const wrong = [
    ...files.filter(file => sha256(readFileSync(path.join(here, file.name))) !== file.sha256)
      .map(file => `${file.name} is not what vendor.lock.json says`),
    ...readdirSync(here).filter(name => !known.has(name) && !OWN.has(name))
      .map(name => `${name} is not in vendor.lock.json`),
  ];
  wrong.forEach(line => console.error(line));
  process.exit(wrong.length ? 1 : 0);
}

const folder = mkdtempSync(path.join(tmpdir(), 'vendor-'));
try {
  for (const library of lock.libraries) {
    const target = path.join(folder, library.name);
    execFileSync('mkdir', ['-p', target]);
    execFileSync('npm', ['pack', '--silent', `${library.name}@${library.version}`], {cwd: target});
    execFileSync('sh', ['-c', 'tar xzf *.tgz --strip-components=1'], {cwd: target});
  }
  for (const library of lock.libraries) {
    for (const file of library.files) {
      const sources = Array.isArray(file.from) ? file.from : [`${library.name}/${file.from}`];
      const texts = sources.map(source =>
        readFileSync(path.join(folder, source), 'utf8').replace(/\n?\/\/# sourceMappingURL=\S*\s*$/, '\n'));
      const made = forms[file.form](texts, file);
      writeFileSync(path.join(here, file.name), made);
      file.sha256 = sha256(made);
      console.log(`${file.name}: ${library.name} ${library.version}, ${made.length} bytes`);
    }
  }
} finally {
  rmSync(folder, {recursive: true});
}
writeFileSync(lockFile, `${JSON.stringify(lock, null, 2)}\n`);
