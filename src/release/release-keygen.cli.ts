import { writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { ask, CannotGoOn, passphraseFrom, runOffline } from './ask.js';
import { fingerprintOf, publicKeyOf } from './ed25519.js';
import { LEAST_PASSPHRASE, newPrivateKey, openPrivateKey } from './private-key.js';

/** `npm run release:keygen`: makes a key on the machine where it will sign; only the public half ever leaves it. */
const { out, passphraseFile } = new Command('release:keygen')
  .description('Makes an Ed25519 key, encrypted with a passphrase, and prints the public key for registering it.')
  .requiredOption('--out <file>', 'where the private key is written; never overwritten')
  .option('--passphrase-file <file>', 'its first line is the passphrase; without it you are asked')
  .parse()
  .opts<{ out: string; passphraseFile?: string }>();

await runOffline(async () => {
  const passphrase = await passphraseFrom(passphraseFile, 'Passphrase / パスフレーズ: ');
  if (passphrase.length < LEAST_PASSPHRASE)
    throw new CannotGoOn(`The passphrase must have at least ${LEAST_PASSPHRASE} characters. No key was made.`);
  if (passphraseFile === undefined) {
    const again = await ask('Once more / もう一度: ', { secret: true, instead: '--passphrase-file' });
    if (again !== passphrase) throw new CannotGoOn('The two passphrases differ. No key was made.');
  }
  const pem = newPrivateKey(passphrase);
  const key = openPrivateKey(pem, passphrase);
  if (!key) throw new CannotGoOn('The new key does not open again. No key was kept.');
  await writeFile(out, pem, { flag: 'wx', mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
    throw new CannotGoOn(
      error.code === 'EEXIST'
        ? `${out} is there already. No key was made.`
        : `${out} cannot be written: ${error.message}`,
    );
  });
  const publicKey = publicKeyOf(key);
  process.stdout.write(
    `${JSON.stringify({ publicKey: publicKey.toString('base64'), fingerprint: fingerprintOf(publicKey) })}\n`,
  );
});
