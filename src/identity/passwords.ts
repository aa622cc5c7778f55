import { hash, verify } from '@node-rs/argon2';

/** OWASP's minimum for argon2id, which is the library's default kind and the only one that the database takes. */
const ARGON2ID = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Verified against when there is no such account, so that an unknown login takes as long as a wrong password. */
const DUMMY_HASH = hash('nobody has this password', ARGON2ID);

/** The same password typed with full-width letters or another input method is the same password. */
export function normalised(password: string): string {
  return password.normalize('NFKC');
}

export function hashPassword(password: string): Promise<string> {
  return hash(normalised(password), ARGON2ID);
}

/** `passwordHash` null means that there is no such account, or none that can sign in. */
export async function passwordMatches(passwordHash: string | null, password: string): Promise<boolean> {
  const matches = await verify(passwordHash ?? (await DUMMY_HASH), normalised(password));
  return matches && passwordHash !== null;
}
