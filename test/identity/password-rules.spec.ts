import fc from 'fast-check';
import { commonPasswords } from '../../src/identity/common-passwords.js';
import { MAX_PASSWORD_BYTES, passwordFlaw } from '../../src/identity/password.rules.js';
import { hashPassword, passwordMatches } from '../../src/identity/passwords.js';

describe('password rules', () => {
  it('[02] accept every password of 8 or more characters that is neither poor in characters nor common nor the login or product', async () => {
    const common = await commonPasswords(8);
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', minLength: 12, maxLength: 64 }), async (password) => {
        fc.pre(new Set(password).size >= 4 && !/henkin|k\.tanaka/i.test(password));
        fc.pre(!common.has(password.toLowerCase()));
        expect(await passwordFlaw(password, 'k.tanaka')).toBeNull();
      }),
    );
  });

  it('count characters, not bytes or halves of characters', async () => {
    expect(await passwordFlaw('𠮷野家で牛丼大', 'k.tanaka')).toBe('too_short');
    expect(await passwordFlaw('𠮷野家で牛丼大盛', 'k.tanaka')).toBeNull();
  });

  it('refuse what says the login or product, in any letter case and however often, unless enough else is left', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ minLength: 0, maxLength: 7 }),
        fc.constantFrom('k.tanaka', 'K.TANAKA', 'Henkin', 'HENKINhenkin'),
        async (rest, said) => {
          expect(await passwordFlaw(`${said}${rest}`, 'k.tanaka')).not.toBeNull();
        },
      ),
    );
    expect(await passwordFlaw('henkin pays everybody back', 'k.tanaka')).toBeNull();
  });

  it('[02] refuse the 3,000 commonest that are long enough, in any letter case', async () => {
    const common = await commonPasswords(8);
    expect(common.size).toBe(3_000);
    for (const password of ['password', 'PassWord', 'iloveyou', 'trustno1', '1qaz2wsx']) {
      expect(await passwordFlaw(password, 'k.tanaka')).toBe('too_common');
    }
  });

  it('compare whole passwords, up to the longest that is accepted', async () => {
    const longest = 'x'.repeat(MAX_PASSWORD_BYTES);
    const hash = await hashPassword(longest);
    expect(await passwordMatches(hash, longest)).toBe(true);
    expect(await passwordMatches(hash, longest.slice(1))).toBe(false);
    expect(await passwordMatches(null, longest)).toBe(false);
  });
});
