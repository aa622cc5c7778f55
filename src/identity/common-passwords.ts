/** As many as the checklist asks for; each long enough that its length alone would not refuse it. */
const COUNT = 3_000;

let known: Promise<ReadonlySet<string>> | undefined;

/**
 * The passwords that an attacker tries first, in lower case, from the leaked lists that the package collects.
 * They are loaded when somebody first chooses a password: no other request needs their megabytes.
 */
export function commonPasswords(minCharacters: number): Promise<ReadonlySet<string>> {
  known ??= import('@zxcvbn-ts/language-common').then(
    ({ dictionary }) =>
      new Set(
        dictionary['passwords-common']
          .map(String)
          .filter((password) => [...password].length >= minCharacters)
          .slice(0, COUNT),
      ),
  );
  return known;
}
